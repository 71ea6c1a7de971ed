import type { IceServer } from "@miscord/protocol";
import type { MediaRequest, RoomEvent, Signal } from "./events.ts";
import type { Media, MediaStatus } from "./media.ts";

/** What a participant brings into the media of a room. */
export interface MediaMember {
  readonly channelId: number;
  readonly userId: number;
  readonly status: MediaStatus;
  /** Sends the participant what the backend has to say. */
  readonly deliver: (event: Extract<RoomEvent, { kind: "signal" | "tracks" }>) => void;
}

/** A participant's place in the media of a room, from `join` until `leave`. */
export interface MediaSeat {
  /** A signal to the backend itself. */
  signal(signal: Signal): void;
  ask(request: MediaRequest): void;
  update(status: MediaStatus): void;
  leave(): void;
}

/** One way in which the participants of a room get each other's media. */
export interface MediaBackend {
  readonly media: Media;
  /** Most participants of one channel. */
  readonly maxParticipants: number;
  /** Whether browsers connect through the TURN server only. */
  readonly isRelayOnly: boolean;
  /** ICE servers for one participant; their credentials are bound to the user and expire. */
  iceServersFor(userId: number): IceServer[];
  /** The part of a signal between two participants that its target may see; null for nothing. */
  visibleSignal(signal: Signal): Signal | null;
  join(member: MediaMember): MediaSeat;
}

/** Decides how the participants of a room get each other's media. */
export interface VoiceRouting {
  /** For a room with these participants. */
  choose(participants: Iterable<{ readonly canForward: boolean }>): MediaBackend;
  /** The choice may be another one now. */
  onChange(listener: () => void): void;
}

/** All rooms use the mesh. */
export function meshRouting(mesh: MediaBackend): VoiceRouting {
  return { choose: () => mesh, onChange() {} };
}
