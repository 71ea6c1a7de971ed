import { closeCodes } from "@miscord/protocol";
import type { Authentication } from "../../domain/context.ts";
import type { AppError } from "../../errors.ts";
import type { Connection } from "../connection/connection.ts";
import { MainSession, type SessionDeps } from "../client-session/client-session.ts";

/** The rhythm by which clients of version 1 know that the server is there. */
const pingIntervalMs = 30_000;

/** One person on one of version 1's sockets. */
export class LegacySession extends MainSession {
  #nextPingAt: number;

  constructor(connection: Connection, authentication: Authentication, deps: SessionDeps) {
    super(connection, authentication, deps, closeCodes.policy);
    this.#nextPingAt = deps.context.clock.monotonic() + pingIntervalMs;
  }

  override tick(): number {
    const tokenMs = super.tick();
    const { clock } = this.deps.context;
    const now = clock.monotonic();
    if (now >= this.#nextPingAt) {
      this.#nextPingAt += pingIntervalMs;
      this.send({ type: "ping", timestamp: clock.now() / 1_000 });
    }
    return Math.min(tokenMs, this.#nextPingAt - now);
  }
}

/** Version 1 has one code for a bad token and for a channel that is not theirs. */
export function legacyCloseCode(error: AppError): number {
  const isPolicy = error.code === "unauthorized" || error.code === "forbidden" || error.code === "not_found";
  return isPolicy ? closeCodes.policy : error.closeCode;
}
