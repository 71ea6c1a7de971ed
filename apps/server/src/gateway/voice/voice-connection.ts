import { closeCodes, type QualityReport, type SocketEvent } from "@miscord/protocol";
import { textFrame } from "../../delivery/frame.ts";
import type { Authentication } from "../../domain/context.ts";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { RoomEvent, VoicePort } from "../../voice/events.ts";
import type { VoiceHandle } from "../../voice/nodes/live-entry.ts";
import type { Connection } from "../connection/connection.ts";
import { TokenExpiry } from "../client-session/token-expiry.ts";
import type { Allowance, Allowances } from "./allowances.ts";
import type { VoiceKind } from "./kind.ts";

interface VoiceConnectionDeps {
  readonly clock: Clock;
  readonly allowances: Allowances;
}

/** One authenticated voice connection, and its participant in one room. */
export class VoiceConnection implements VoicePort {
  readonly connection: Connection;
  readonly token: TokenExpiry;
  /** The channel of the socket, and its server, once access to it was checked; 0 before. Null: a private channel. */
  channelId = 0;
  serverId: number | null = 0;
  /** The latest quality report; null before the first. */
  quality: QualityReport | null = null;
  readonly #kind: VoiceKind;
  readonly #allowances: Allowances;
  #joinHandle: VoiceHandle | null = null;

  constructor(
    kind: VoiceKind,
    connection: Connection,
    authentication: Authentication,
    { clock, allowances }: VoiceConnectionDeps,
  ) {
    this.#kind = kind;
    this.#allowances = allowances;
    this.connection = connection;
    this.token = new TokenExpiry(connection, authentication, {
      clock,
      send: (event) => this.sendEvents(event),
      endCode: closeCodes.tokenInvalid,
    });
  }

  get userId(): number {
    return this.token.authentication.userId;
  }

  get usesLegacySocket(): boolean {
    return this.#kind.codec.isLegacy;
  }

  get isBehind(): boolean {
    return this.connection.writer.isBehind;
  }

  /** Commands are handled only after `joined`. */
  get joinHandle(): VoiceHandle {
    if (!this.#joinHandle) throw new AppError("unavailable", "Not in the channel yet.");
    return this.#joinHandle;
  }

  /** `canResume`: when this connection is lost, another one may continue the call for a while, unless the session has ended. */
  joined(handle: VoiceHandle, canResume: boolean): void {
    this.#joinHandle = handle;
    this.connection.onClosed(() => {
      handle.release(!canResume || this.token.isRevoked || endsCall(this.connection));
    });
  }

  send(event: RoomEvent): void {
    this.#write(this.#kind.codec.encode(event));
  }

  close(code: number, reason: string): void {
    this.connection.close(code, reason);
  }

  sendEvents(...events: SocketEvent[]): void {
    const known = events.filter((event) => this.#kind.sends(event));
    this.#write(known.map((event) => textFrame(JSON.stringify(event))));
  }

  #write(frames: readonly Buffer[]): void {
    for (const frame of frames) this.connection.writer.sendBytes(frame);
  }

  /** @throws AppError `rate_limited` */
  spend(allowance: Allowance): void {
    this.#allowances.spend(this.userId, allowance);
  }
}

/**
 * Whether the call is over: the client hung up (1000, or 1005 for a close without a code) or left the page (1001), or
 * the user lost access to the channel, perhaps while the room was being entered.
 */
function endsCall({ closing }: Connection): boolean {
  return closing !== null && [1000, 1001, 1005, closeCodes.forbidden, closeCodes.notFound].includes(closing.code);
}
