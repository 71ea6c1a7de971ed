import type { IceServer, User } from "@miscord/protocol";

/**
 * Events of rooms, independent of the wire: `/ws/voice` and `/ws/legacy/voice` share rooms and encode them differently.
 */
export type RoomEvent =
  | { kind: "entered"; participants: readonly ParticipantState[]; iceServers: IceServer[]; settings: RoomSettings }
  | { kind: "joined"; participant: ParticipantState }
  | { kind: "left"; userId: number }
  | { kind: "signal"; fromId: number; signal: Signal }
  | { kind: "speaking"; events: ReadonlyMap<number, boolean> }
  | { kind: "status"; events: ReadonlyMap<number, StatusChange> }
  | { kind: "sharing"; user: User; isSharing: boolean }
  | { kind: "quality"; bitrate: number; reason: "load" };

export interface ParticipantState {
  user: User;
  callId: string;
  /** Connected through the version 1 endpoint. */
  isLegacy: boolean;
  isMuted: boolean;
  isDeafened: boolean;
  isSpeaking: boolean;
  isSharing: boolean;
}

interface RoomSettings {
  maxParticipants: number;
  /** Highest audio bitrate for each sender, in bits per second. */
  bitrate: number;
}

export type StatusChange = { isMuted?: boolean; isDeafened?: boolean };

/** WebRTC signalling between two participants. `extra`: fields unknown to the server, passed on unchanged. */
export type Signal = { extra: Readonly<Record<string, unknown>> } & (
  | { kind: "offer" | "answer"; sdp: string }
  | { kind: "candidate"; candidate: string | null; sdpMid: string | null; sdpMLineIndex: number | null }
);

/** Encodes room events for one wire. Stateless: rooms encode an event once per codec and share the frames. */
export interface VoiceCodec {
  readonly isLegacy: boolean;
  encode(event: RoomEvent): readonly Buffer[];
}

/** The connection of one participant, as rooms see it. `send` never waits and never throws. */
export interface VoicePort {
  readonly codec: VoiceCodec;
  /** So many bytes are unsent that the connection will be closed if many more follow. */
  readonly isBehind: boolean;
  send(frames: readonly Buffer[]): void;
  close(code: number, reason: string): void;
}
