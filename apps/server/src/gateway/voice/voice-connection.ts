import { closeCodes, type QualityReport, type SocketEvent } from "@miscord/protocol";
import { textFrame } from "../../delivery/frame.ts";
import type { Session as Authentication } from "../../domain/context.ts";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { VoiceCodec, VoicePort } from "../../voice/events.ts";
import type { JoinHandle } from "../../voice/voice-rooms.ts";
import type { Connection } from "../connection/connection.ts";
import { TokenBucket } from "../../concurrency/token-bucket.ts";
import { TokenExpiry } from "../client-session/token-expiry.ts";
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
export class VoiceConnection implements VoicePort {
  readonly codec: VoiceCodec;
  readonly connection: Connection;
  readonly token: TokenExpiry;
  /** The latest one; null until there was one. */
  quality: QualityReport | null = null;
  readonly #kind: VoiceKind;
  readonly #buckets: Readonly<Record<Allowance, TokenBucket>>;
  #handle: JoinHandle | null = null;

  constructor(kind: VoiceKind, connection: Connection, authentication: Authentication, clock: Clock) {
    this.#kind = kind;
    this.codec = kind.codec;
    this.connection = connection;
    this.token = new TokenExpiry(connection, authentication, {
      clock,
      send: (event) => this.sendEvents(event),
      endCode: closeCodes.tokenInvalid,
    });
    this.#buckets = {
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
  get handle(): JoinHandle {
    if (!this.#handle) throw new AppError("unavailable", "Not in the channel yet.");
    return this.#handle;
  }

  /** `canResume`: when the socket is lost, another one may take the handle for a while. */
  joined(handle: JoinHandle, canResume: boolean): void {
    this.#handle = handle;
    this.connection.onClosed(() => handle.release(!canResume || meantToLeave(this.connection)));
  }

  send(frames: readonly Buffer[]): void {
    for (const frame of frames) this.connection.writer.sendBytes(frame);
  }

  close(code: number, reason: string): void {
    this.connection.close(code, reason);
  }

  sendEvents(...events: SocketEvent[]): void {
    const said = events.filter((event) => this.#kind.sends(event));
    this.send(said.map((event) => textFrame(JSON.stringify(event))));
  }

  /** @throws AppError `rate_limited` */
  spend(allowance: Allowance): void {
    if (this.#buckets[allowance].spend()) return;
    const retryAfterMs = Math.ceil(1_000 / allowances[allowance].perSecond);
    throw new AppError("rate_limited", "Too much at once.", { retryAfterMs });
  }
}

/** A farewell of the client's: it hung up (1000, or a close without a code) or its page is gone (1001). */
function meantToLeave({ closing }: Connection): boolean {
  return closing !== null && [1000, 1001, 1005].includes(closing.code);
}
