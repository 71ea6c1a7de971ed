import type { Logger } from "pino";
import type { Clock } from "../../clock.ts";
import { authenticate } from "../../domain/accounts/authenticate.ts";
import type { DomainContext, Authentication } from "../../domain/context.ts";
import { AppError } from "../../errors.ts";
import type { ConnectionLimits } from "./connection-limits.ts";
import type { Connection } from "../connection/connection.ts";

export interface AdmissionDeps {
  readonly context: DomainContext;
  readonly limits: ConnectionLimits;
}

/**
 * Authenticates a connection by its access token and counts it against the limits of its user until it closes.
 * @throws AppError `unauthorized`, `rate_limited`, or `unavailable` when the user has too many connections
 */
export async function authenticateConnection(
  { context, limits }: AdmissionDeps,
  connection: Connection,
  token: string | null,
): Promise<Authentication> {
  if (!token) throw new AppError("unauthorized", "A token is needed.");
  const authentication = await authenticate(context, token);
  const { userId } = authentication;
  connection.identify(userId);
  await context.rates.connections.spend(userId);
  const refusal = limits.admitUser(userId);
  if (refusal) throw new AppError("unavailable", refusal.reason);
  connection.onClosed(() => limits.releaseUser(userId));
  return authentication;
}

/** Logs that the connection is set up and, later, when and why it closed. */
export function logConnection(connection: Connection, logger: Logger, clock: Clock, extra: object = {}): void {
  const { id, userId, openedAt } = connection;
  const { address } = connection.address;
  logger.info({ user: userId, address, connection: id, ...extra }, "connected");
  connection.onClosed(() => {
    const { code, reason } = connection.closing ?? { code: 1006, reason: "connection lost" };
    const seconds = Math.round((clock.monotonic() - openedAt) / 1_000);
    logger.info({ user: userId, connection: id, code, reason, seconds, ...extra }, "disconnected");
  });
}
