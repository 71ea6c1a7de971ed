import { timingSafeEqual } from "node:crypto";
import { AppError } from "../../errors.ts";
import type { SessionRow } from "../../store/schema.ts";
import { rotateRefresh, sessionById, userOfSession } from "../../store/queries/sessions.ts";
import type { DomainContext } from "../context.ts";
import { digest, newSecret } from "./secrets.ts";
import { login, revokeSession, type Login } from "./sessions.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "tokens" | "settings" | "security" | "rates">;

/** The client address, and as rate limits count it. */
interface From {
  address: string;
  limitKey: string;
}

/**
 * Exchanges a refresh token for a new one and an access token. The token that was exchanged last must have been copied
 * when it comes again, so its session is revoked for both holders. Any other wrong secret changes nothing: a session id
 * is not secret. Throws `unauthorized`, or `rate_limited` after many wrong tokens from one address.
 */
export async function refresh(context: Context, token: string | undefined, from: From): Promise<Login> {
  const { store, clock, settings } = context;
  const { sessionId, secret } = parse(token);
  const now = clock.now();
  const spent = digest(secret);
  const session = await sessionById(store.db, sessionId);
  if (!session || !isAlive(session, now)) throw await refuse(context, from);
  const next = newSecret();
  const expiresAt = now + settings.sessionTtlMs;
  const rotation = { sessionId, from: spent, to: digest(next), address: from.address, now, expiresAt };
  const isCurrent = matches(session.refresh_hash, spent) && (await rotateRefresh(store.db, rotation));
  if (!isCurrent) {
    // Read again: of two requests with the same token the second finds it spent by the first.
    const latest = await sessionById(store.db, sessionId);
    if (!latest || !matches(latest.spent_hash, spent)) throw await refuse(context, from);
    context.security.record("token_reuse", from.address);
    await revokeSession(context, sessionId);
    throw ended();
  }
  const user = await userOfSession(store.db, sessionId, now);
  if (!user) throw ended();
  return login(context, user, { sessionId, expiresAt, secret: next });
}

/** Counts a wrong token. The limit comes after the lookup, so that it never refuses others at the address. */
async function refuse({ rates, security }: Context, { address, limitKey }: From): Promise<AppError> {
  security.record("auth_failure", address);
  await rates.refreshFailures.spend(limitKey);
  return ended();
}

/** Revokes the session of the refresh token, if the token is the session's current one. */
export async function logOut(
  context: Pick<DomainContext, "store" | "bus" | "clock">,
  token: string | undefined,
): Promise<void> {
  if (token === undefined) return;
  const { sessionId, secret } = parse(token);
  const session = await sessionById(context.store.db, sessionId);
  if (session && matches(session.refresh_hash, digest(secret))) await revokeSession(context, sessionId);
}

function isAlive(session: SessionRow, now: number): boolean {
  return session.kind === "web" && session.revoked_at === null && session.expires_at > now;
}

function matches(stored: string | null, hash: string): boolean {
  return stored?.length === hash.length && timingSafeEqual(Buffer.from(stored), Buffer.from(hash));
}

function parse(token: string | undefined): { sessionId: string; secret: string } {
  const [sessionId, secret] = token?.split(".") ?? [];
  if (!sessionId || !secret) throw ended();
  return { sessionId, secret };
}

function ended(): AppError {
  return new AppError("unauthorized", "You are not logged in.");
}
