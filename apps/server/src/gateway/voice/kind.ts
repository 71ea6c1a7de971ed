import type { LegacySocketEvent, SocketEvent } from "@miscord/protocol";
import { callSession, regionTimes, voiceCommand, type VoiceCommand } from "@miscord/protocol/schemas";
import { AppError } from "../../errors.ts";
import type { RegionTimes, VoiceCodec } from "../../voice/events.ts";
import type { ErrorEvent } from "../connection/command-queue.ts";
import { commandParser } from "../connection/incoming.ts";
import { voiceCodec } from "./voice-codec.ts";

/** What differs between `/ws/voice` and the voice endpoint of protocol version 1. */
export interface VoiceKind {
  /** The first group is the channel id. */
  readonly path: RegExp;
  readonly codec: VoiceCodec;
  /** Whether clients of this kind know the event; others are not sent. */
  sends(event: SocketEvent): boolean;
  /** @throws BadFrame when the frame is not a valid command */
  parse(data: Buffer, isBinary: boolean): VoiceCommand;
  /** See `Endpoint.delaysRefusals`. */
  readonly delaysRefusals?: boolean;
  /** A frame that clients of this kind expect after the error event; null when there is none. */
  besideError?(error: ErrorEvent): LegacySocketEvent | null;
  /** The call id that the client chose; null when the call ends with its connection and cannot be resumed. */
  callIdOf(query: URLSearchParams): string | null;
  /** Whether the client can use the forwarding unit. */
  canForward(query: URLSearchParams): boolean;
  /** Whether the client can encrypt what it sends from end to end. */
  canEncrypt(query: URLSearchParams): boolean;
  /** How far away the client is from the regions. @throws AppError `invalid_request` */
  regionTimesOf(query: URLSearchParams): RegionTimes;
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
  canForward: (query) => query.get("media") === "forwarded",
  canEncrypt: (query) => query.get("encryption") === "mls",
  regionTimesOf(query) {
    const times = regionTimes.safeParse(query.get("regions") ?? "");
    if (!times.success) throw new AppError("invalid_request", "The regions must be names and milliseconds.");
    return times.data;
  },
};
