import type { SocketEvent } from "@miscord/protocol";
import { callSession, voiceCommand, type VoiceCommand } from "@miscord/protocol/schemas";
import { AppError } from "../../errors.ts";
import type { VoiceCodec } from "../../voice/events.ts";
import { commandParser } from "../connection/incoming.ts";
import { voiceCodec } from "./voice-codec.ts";

/** What sets one kind of voice socket apart from the others in the same rooms. */
export interface VoiceKind {
  /** Its group is the channel. */
  readonly path: RegExp;
  readonly codec: VoiceCodec;
  /** Of what keeps any socket alive: which of it these clients are told. */
  sends(event: SocketEvent): boolean;
  /** Throws a BadFrame. */
  parse(data: Buffer, isBinary: boolean): VoiceCommand;
  /** The call that a socket belongs to; null: it is a call of its own, which ends with it. */
  callIdOf(query: URLSearchParams): string | null;
}

/** `/ws/voice/{channel_id}` */
export const voiceKind: VoiceKind = {
  path: /^\/ws\/voice\/(\d{1,15})\/?$/,
  codec: voiceCodec,
  sends: () => true,
  parse: commandParser(voiceCommand),
  callIdOf(query) {
    const asked = query.get("session");
    if (asked === null) return null;
    const call = callSession.safeParse(asked);
    if (!call.success) throw new AppError("invalid_request", "The session must be a UUID.");
    return call.data;
  },
};
