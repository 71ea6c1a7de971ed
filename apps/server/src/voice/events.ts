import type { IceServer, User } from "@miscord/protocol";

/** What rooms say, before any dialect: `/ws/voice` and version 1's sockets share rooms and each writes its own shape. */
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
  /** Their client is one of version 1, or speaks as one. */
  isLegacy: boolean;
  isMuted: boolean;
  isDeafened: boolean;
  isSpeaking: boolean;
  isSharing: boolean;
}

interface RoomSettings {
  maxParticipants: number;
  /** Ceiling for each sender's audio, bits per second. */
  bitrate: number;
}

export type StatusChange = { isMuted?: boolean; isDeafened?: boolean };

/** WebRTC signalling between two of a room. `extra`: fields that the server passes on without knowing them. */
export type Signal = { extra: Readonly<Record<string, unknown>> } & (
  | { kind: "offer" | "answer"; sdp: string }
  | { kind: "candidate"; candidate: string | null; sdpMid: string | null; sdpMLineIndex: number | null }
);

/** Stateless: rooms encode an event once per dialect and send the same WebSocket frames to all who speak it. */
export interface VoiceCodec {
  readonly isLegacy: boolean;
  encode(event: RoomEvent): readonly Buffer[];
}

/** One participant's socket, as rooms see it. Sending is never delayed and never throws. */
export interface VoicePort {
  readonly codec: VoiceCodec;
  send(frames: readonly Buffer[]): void;
  close(code: number, reason: string): void;
}
