import type { ErrorCode, ServerSound } from "@miscord/protocol";
import type { CallScope } from "../call-scope.ts";
import type {
  ParticipantFlags,
  ParticipantState,
  RegionTimes,
  Restraint,
  RoomEvent,
  RoomRequest,
  ShownStatus,
  Signal,
  StatusChange,
  VoiceChannel,
} from "../events.ts";

/**
 * What two nodes send each other about voice. `connection` is an id of the node that has the socket; it takes a new one
 * for each time that it enters a room at its home, so that late messages about a former entry are not applied.
 */
export type VoiceMessage = ToHome | FromHome | OfLink;

/** From the node that has the socket to the home of its room. */
export type ToHome =
  | ({ kind: "enter"; connection: number; channel: VoiceChannel } & RemoteEntry)
  | { kind: "signal"; connection: number; request: number; targetId: number; signal: Signal }
  | { kind: "ask"; connection: number; asked: RoomRequest }
  | { kind: "speaking"; connection: number; isSpeaking: boolean }
  | { kind: "status"; connection: number; change: StatusChange }
  | { kind: "sharing"; connection: number; isSharing: boolean }
  | { kind: "hand"; connection: number; isRaised: boolean }
  | { kind: "sound"; connection: number; sound: ServerSound }
  | { kind: "restrain"; connection: number; restraint: Restraint }
  | { kind: "behind"; connection: number; isBehind: boolean }
  | { kind: "release"; connection: number; meantToLeave: boolean }
  | { kind: "remove"; userId: number; scope: CallScope; callId: string; code: number; reason: string }
  | { kind: "move"; userId: number; channelId: number; toChannelId: number | null }
  | { kind: "speaker"; userId: number; channelId: number; isSpeaker: boolean }
  | { kind: "remove_channel"; channelId: number; code: number; reason: string };

type RemoteEntry = Pick<ParticipantState, "user" | "callId" | "isLegacy" | "canForward"> & {
  usesLegacySocket: boolean;
  canEncrypt: boolean;
  /** Nodes of the version before send none. */
  regionTimes?: RegionTimes;
  /** The participant's state when the connection was in the room before, at another home or this one. */
  flags: ParticipantFlags | null;
  restraint: Restraint;
  /** As of `Entry`. */
  waitedMs: number;
};

/** From the home of a room to a node that has sockets of it. */
export type FromHome =
  | { kind: "entered"; connection: number; refusal: EnterRefusal | null }
  | { kind: "answer"; request: number; refusal: VoiceRefusal | null }
  | ToConnections
  | { kind: "close"; connection: number; code: number; reason: string };

/** A node of the version before knows no sounds, and passes over a message of a kind that it does not know. */
export interface ToConnections {
  kind: "event" | "heard";
  connections: number[];
  event: RoomEventData;
}

/** Between any two nodes that share a room: messages were lost, and the receiver enters its connections again. */
type OfLink = { kind: "reenter" };

/** `moved`: the node is not the home of the room. `replaced`: the user has chosen another call since. */
export type EnterRefusal = VoiceRefusal | "moved" | "replaced";

export interface VoiceRefusal {
  code: ErrorCode;
  message: string;
  retryAfterMs: number | null;
}

/** `RoomEvent` as JSON: pairs in place of maps, and participants without their connections. */
export type RoomEventData =
  | Exclude<RoomEvent, { kind: "speaking" | "status" }>
  | { kind: "speaking"; events: [number, boolean][] }
  | { kind: "status"; events: [number, ShownStatus][] };

export function toData(event: RoomEvent): RoomEventData {
  switch (event.kind) {
    case "entered":
      return { ...event, participants: event.participants.map(stateOf) };
    case "joined":
      return { ...event, participant: stateOf(event.participant) };
    case "speaking":
      return { kind: "speaking", events: [...event.events] };
    case "status":
      return { kind: "status", events: [...event.events] };
    default:
      return event;
  }
}

export function fromData(data: RoomEventData): RoomEvent {
  switch (data.kind) {
    case "speaking":
      return { kind: "speaking", events: new Map(data.events) };
    case "status":
      return { kind: "status", events: new Map(data.events) };
    default:
      return data;
  }
}

function stateOf(participant: ParticipantState): ParticipantState {
  const { user, callId, isLegacy, canForward, isMuted, isDeafened, isSpeaking, isSharing, isCameraOn } = participant;
  const { isServerMuted, isServerDeafened, isSuppressed, isVideoSuppressed, isHandRaised } = participant;
  const restraint = { isServerMuted, isServerDeafened, isSuppressed, isVideoSuppressed };
  const flags = { isMuted, isDeafened, isSpeaking, isSharing, isCameraOn, isHandRaised };
  return { user, callId, isLegacy, canForward, ...flags, ...restraint };
}
