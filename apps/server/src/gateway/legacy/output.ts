import { closeCodes, type LegacySocketEvent, type SocketEvent } from "@miscord/protocol";
import type { Clock } from "../../clock.ts";
import type { AppError } from "../../errors.ts";
import type { ClientSession, SessionOutput } from "../client-session/client-session.ts";

/** Clients of protocol version 1 expect a `ping` event at this interval. */
const pingIntervalMs = 30_000;

/** Output of a version 1 session: periodic `ping` events, and no acks, which version 1 does not have. */
export class LegacyOutput implements SessionOutput {
  readonly tokenEndCode = closeCodes.policy;
  readonly #clock: Clock;
  #nextPingAt: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#nextPingAt = clock.monotonic() + pingIntervalMs;
  }

  confirm(): void {}

  tick(session: ClientSession): number {
    const now = this.#clock.monotonic();
    if (now >= this.#nextPingAt) {
      this.#nextPingAt += pingIntervalMs;
      session.send({ type: "ping", timestamp: this.#clock.now() / 1_000 });
    }
    return this.#nextPingAt - now;
  }
}

/** Version 1 has one close code for an invalid token and for a channel that the user may not read. */
export function legacyCloseCode(error: AppError): number {
  const isPolicy = error.code === "unauthorized" || error.code === "forbidden" || error.code === "not_found";
  return isPolicy ? closeCodes.policy : error.closeCode;
}

/** The event that version 1 handles in place of an error `rate_limited`; null for other errors. */
export function legacyRateLimit(
  { code, message, retry_after_ms = 0 }: Extract<SocketEvent, { type: "error" }>,
  where: { text_channel_id?: number } = {},
): LegacySocketEvent | null {
  if (code !== "rate_limited") return null;
  return { type: "rate_limit", message, retry_after_seconds: retry_after_ms / 1_000, ...where };
}
