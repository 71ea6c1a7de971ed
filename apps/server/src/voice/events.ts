import type { IceServer, KeyCommand, KeyEvent, ServerSound, User } from "@miscord/protocol";
import type { ForwardedTracks, Media, Watched } from "./media.ts";

/**
 * Events of rooms, independent of the wire: `/ws/voice` and `/ws/legacy/voice` share rooms and encode them differently.
 */
export type RoomEvent =
  | ({
      kind: "entered";
      participants: readonly ParticipantState[];
      settings: RoomSettings;
      isEncrypted: boolean;
      /** Of the participant who receives it. */
      restraint: Restraint;
    } & RoomMedia)
  | ({ kind: "media" } & RoomMedia)
  | ({ kind: "tracks"; connectionId: string } & ForwardedTracks)
  | { kind: "joined"; participant: ParticipantState }
  | { kind: "left"; userId: number }
  /** About the keys of an encrypted call, in the form of the wire: the server reads nothing of it. */
  | { kind: "keys"; message: KeyEvent }
  | { kind: "signal"; fromId: number; signal: Signal }
  | { kind: "speaking"; events: ReadonlyMap<number, boolean> }
  | { kind: "status"; events: ReadonlyMap<number, ShownStatus> }
  | { kind: "sharing"; user: User; isSharing: boolean }
  /** A participant plays a sound of a server. */
  | { kind: "sound"; userId: number; sound: ServerSound }
  | { kind: "quality"; bitrate: number; reason: "load" }
  /** A moderator has moved the receiver to another channel. */
  | { kind: "moved"; channelId: number };

export interface RoomMedia {
  media: Media;
  /** In which the call is forwarded; null in a mesh. */
  region: string | null;
  ice: IceConfiguration;
}

interface IceConfiguration {
  servers: IceServer[];
  /** Browsers connect through the TURN server only. */
  isRelayOnly: boolean;
}

/** Milliseconds to regions and back, by their names. Those that the client cannot reach are absent. */
export type RegionTimes = { readonly [region: string]: number };

/** What a participant can change during a call. */
export interface ParticipantFlags {
  isMuted: boolean;
  isDeafened: boolean;
  isSpeaking: boolean;
  isSharing: boolean;
  isCameraOn: boolean;
}

/** What a participant may not do, whatever their client says. */
export interface Restraint {
  /** A moderator of the server has muted the participant. */
  isServerMuted: boolean;
  /** A moderator of the server has deafened the participant. */
  isServerDeafened: boolean;
  /** The participant may not speak in this channel, nor show anything; also a listener of a stage. */
  isSuppressed: boolean;
  /** The participant may show neither a camera nor a screen in this channel. */
  isVideoSuppressed: boolean;
}

export const unrestrained: Restraint = {
  isServerMuted: false,
  isServerDeafened: false,
  isSuppressed: false,
  isVideoSuppressed: false,
};

/** `isMuted` and `isDeafened` are what holds: by the participant's own choice, or by a restraint. */
export interface ParticipantState extends ParticipantFlags, Restraint {
  user: User;
  /** A listener of a stage asks to speak. */
  isHandRaised: boolean;
  callId: string;
  /**
   * A client of version 1, on either voice endpoint: it sends an offer to every participant, cannot handle one that
   * crosses it, and plays one audio track for each participant.
   */
  isLegacy: boolean;
  /** The client can use the forwarding unit. */
  canForward: boolean;
}

interface RoomSettings {
  maxParticipants: number;
  /** Highest audio bitrate for each sender, in bits per second. */
  bitrate: number;
}

/** A participant's own choice. */
export type StatusChange = { isMuted?: boolean; isDeafened?: boolean; isCameraOn?: boolean };

/** What has changed of a participant, as of `ParticipantState`. */
export type ShownStatus = StatusChange & Partial<Restraint & { isHandRaised: boolean }>;

/** WebRTC signalling between two participants. `extra`: fields unknown to the server, passed on unchanged. */
export type Signal = { extra: Readonly<Record<string, unknown>> } & (
  | { kind: "offer" | "answer"; sdp: string }
  | { kind: "candidate"; candidate: string | null; sdpMid: string | null; sdpMLineIndex: number | null }
);

/** What a participant asks, without an answer of its own. */
export type RoomRequest = MediaRequest | KeyRequest;

/** What a participant of an encrypted room says about its keys. */
type KeyRequest = { kind: "keys"; command: KeyCommand };

/** What a participant of a forwarded room asks the forwarding unit for. */
export type MediaRequest =
  /** A new connection in place of the one with this id, or of any. */
  | { kind: "renew"; connectionId: string | null }
  /** Whose screens and cameras to send: these and no others. */
  | ({ kind: "watch" } & Watched);

export interface VoiceChannel {
  readonly id: number;
  /** Null: a private channel. */
  readonly serverId: number | null;
  readonly name: string;
  /** Some member may not see the channel: what happens in it must not be told to all members. */
  readonly isRestricted: boolean;
  /** Who enters is a listener until a moderator invites them to speak. */
  readonly isStage?: boolean;
  /** What is said and shown in a call is encrypted from end to end. A call keeps what it began with. */
  readonly isEncrypted?: boolean;
  /** In which calls are forwarded, if they can be there; null, the default: where their participants are nearest. */
  readonly region?: string | null;
}

/** What a user brings into a room. */
export interface Entry {
  user: User;
  channel: VoiceChannel;
  /** Chosen by the client; a new connection with the same id resumes the call. */
  callId: string;
  /** Both as of `ParticipantState`. */
  isLegacy: boolean;
  canForward: boolean;
  /** The client can encrypt what it sends; false by default. */
  canEncrypt?: boolean;
  /** How far away the client is from the regions; empty by default. */
  regionTimes?: RegionTimes;
  port: VoicePort;
  /** The participant's state, when the connection was in the room before. */
  flags?: ParticipantFlags | null;
  /** None by default. */
  restraint?: Restraint;
  /** How long ago the user chose this call; 0 by default. The room's former home may have been gone for a while. */
  waitedMs?: number;
}

/** Encodes room events for one wire. An event that is sent to many connections in a row is encoded once. */
export interface VoiceCodec {
  readonly isLegacy: boolean;
  encode(event: RoomEvent): readonly Buffer[];
}

/** The connection of one participant, as rooms see it. `send` never waits and never throws. */
export interface VoicePort {
  /** The connection is to `/ws/legacy/voice`. */
  readonly usesLegacySocket: boolean;
  /** So many bytes are unsent that the connection will be closed if many more follow. */
  readonly isBehind: boolean;
  /** The event is read before the call returns; rooms send one object to many connections. */
  send(event: RoomEvent): void;
  close(code: number, reason: string): void;
}
