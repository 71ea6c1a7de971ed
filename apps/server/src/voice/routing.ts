import type { IceServer } from "@miscord/protocol";
import type { MediaRequest, RegionTimes, RoomEvent, Signal } from "./events.ts";
import type { Media, MediaStatus } from "./media.ts";

/** What a participant brings into the media of a room. */
export interface MediaMember {
  readonly channelId: number;
  readonly userId: number;
  readonly status: MediaStatus;
  /** The participant's client is of version 1 and signals to each of the others; the backend answers as them. */
  readonly isBridged: boolean;
  /** Sends the participant what the backend has to say. */
  readonly deliver: (event: Extract<RoomEvent, { kind: "signal" | "tracks" }>) => void;
  /** The connections of a bridged participant are lost: with their unit, or because none has come about. */
  readonly onLost: (how: "replaced" | "unreached") => void;
}

/** A participant's place in the media of a room, from `join` until `leave`. */
export interface MediaSeat {
  /** A signal to the backend itself, or of a bridged participant to another one. */
  signal(signal: Signal, targetId: number): void;
  ask(request: MediaRequest): void;
  update(status: MediaStatus): void;
  /** Another participant has left the room. */
  parted(userId: number): void;
  leave(): void;
}

/** One way in which the participants of a room get each other's media. */
export interface MediaBackend {
  readonly media: Media;
  /** Of the forwarding unit; null for a mesh. */
  readonly region: string | null;
  /** Most participants of one channel. */
  readonly maxParticipants: number;
  /** Most of them with a client of version 1. */
  readonly maxLegacy: number;
  /** Whether browsers connect through the TURN server only. */
  readonly isRelayOnly: boolean;
  /** ICE servers for one participant; their credentials are bound to the user and expire. */
  iceServersFor(userId: number): IceServer[];
  /** The part of a signal between two participants that its target may see; null for nothing. */
  visibleSignal(signal: Signal): Signal | null;
  join(member: MediaMember): MediaSeat;
}

/** What the choice for a room depends on, of each participant. */
export interface RoutedClient {
  readonly canForward: boolean;
  readonly isLegacy: boolean;
  /** As of `Entry`. */
  readonly regionTimes?: RegionTimes;
}

/** What the choice for a room depends on besides its participants. */
export interface RoutedRoom {
  /** The region that its channel names. */
  readonly named: string | null;
  /** Null: the room has none yet. */
  readonly present: MediaBackend | null;
  /** The room stays in its region while that works. */
  readonly isSettled: boolean;
  /** Regions that its participants did not reach; that of the instance itself counts nevertheless. */
  readonly excluded: ReadonlySet<string>;
}

export const newRoom: RoutedRoom = { named: null, present: null, isSettled: false, excluded: new Set() };

/** Decides how the participants of a room get each other's media. */
export interface VoiceRouting {
  /** For a room with these participants; a new one by default. */
  choose(participants: Iterable<RoutedClient>, room?: RoutedRoom): MediaBackend;
  /** The choice may be another one now. */
  onChange(listener: () => void): void;
  /** A call has left the region, since its participants have no connection there. */
  gaveUp?(region: string): void;
}

/** All rooms use the mesh. */
export function meshRouting(mesh: MediaBackend): VoiceRouting {
  return { choose: () => mesh, onChange() {} };
}
