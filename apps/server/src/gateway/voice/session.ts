import { closeCodes, type QualityReport, type SocketEvent } from "@miscord/protocol";
import { textFrame } from "../../delivery/frame.ts";
import type { Session as Authentication } from "../../domain/context.ts";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { VoiceDialect, VoicePort } from "../../voice/events.ts";
import type { Seat } from "../../voice/voice-rooms.ts";
import type { Connection } from "../connection/connection.ts";
import { TokenBucket } from "../../concurrency/token-bucket.ts";
import { TokenTerm } from "../client-session/token-expiry.ts";
import type { VoiceKind } from "./kind.ts";

/**
 * What one participant may do. Signalling: entering a full room means an offer or answer and some ten candidates for
 * everybody in it, at once. The rest is what hands and voices can do.
 */
const allowances = {
  signal: { burst: 600, perSecond: 60 },
  speaking: { burst: 20, perSecond: 10 },
  status: { burst: 20, perSecond: 4 },
  report: { burst: 5, perSecond: 1 },
};
export type Allowance = keyof typeof allowances;

/** One person on one voice socket, sitting in one room. */
export class VoiceSession implements VoicePort {
  readonly dialect: VoiceDialect;
  readonly connection: Connection;
  readonly token: TokenTerm;
  /** The latest one; null until there was one. */
  quality: QualityReport | null = null;
  readonly #kind: VoiceKind;
  readonly #patience: Readonly<Record<Allowance, TokenBucket>>;
  #seat: Seat | null = null;

  constructor(kind: VoiceKind, connection: Connection, authentication: Authentication, clock: Clock) {
    this.#kind = kind;
    this.dialect = kind.dialect;
    this.connection = connection;
    this.token = new TokenTerm(connection, authentication, {
      clock,
      send: (event) => this.tell(event),
      endCode: closeCodes.tokenInvalid,
    });
    this.#patience = {
      signal: new TokenBucket(allowances.signal, clock),
      speaking: new TokenBucket(allowances.speaking, clock),
      status: new TokenBucket(allowances.status, clock),
      report: new TokenBucket(allowances.report, clock),
    };
  }

  get userId(): number {
    return this.token.authentication.userId;
  }

  /** Commands are handled only once there is one. */
  get seat(): Seat {
    if (!this.#seat) throw new AppError("unavailable", "Not in the channel yet.");
    return this.#seat;
  }

  /** `comesBack`: when the socket is lost, another one may take the seat for a while. */
  sit(seat: Seat, comesBack: boolean): void {
    this.#seat = seat;
    this.connection.onClosed(() => seat.release(!comesBack || meantToLeave(this.connection)));
  }

  send(frames: readonly Buffer[]): void {
    for (const frame of frames) this.connection.writer.sendBytes(frame);
  }

  close(code: number, reason: string): void {
    this.connection.close(code, reason);
  }

  tell(...events: SocketEvent[]): void {
    const said = events.filter((event) => this.#kind.hasWordFor(event));
    this.send(said.map((event) => textFrame(JSON.stringify(event))));
  }

  /** @throws AppError `rate_limited` */
  spend(allowance: Allowance): void {
    if (this.#patience[allowance].spend()) return;
    const retryAfterMs = Math.ceil(1_000 / allowances[allowance].perSecond);
    throw new AppError("rate_limited", "Too much at once.", { retryAfterMs });
  }
}

/** A farewell of the client's: it hung up (1000, or a close without a code) or its page is gone (1001). */
function meantToLeave({ closing }: Connection): boolean {
  return closing !== null && [1000, 1001, 1005].includes(closing.code);
}
