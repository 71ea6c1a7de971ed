import type { VoiceEvent, VoiceParticipant } from "@miscord/protocol";
import { nothingReceived } from "./peer-media.ts";
import { ringRef, soundRef, unrestrained, type CallParticipant, type CallState } from "./types.ts";

export function newParticipant(participant: VoiceParticipant): CallParticipant {
  return {
    ...participant,
    connection: "connecting",
    is_away: false,
    remote: nothingReceived,
    is_watched: false,
    samples: [],
  };
}

/**
 * The call's settings and participants after this event. `Call` adds and removes participants, with their
 * connections.
 */
export function reduceCall(state: CallState, event: VoiceEvent): CallState {
  switch (event.type) {
    case "participants": {
      const { max_participants: maxParticipants, bitrate } = event.channel_settings;
      const restraint = event.self ?? unrestrained;
      // Only servers that know cameras say whether one may be turned on.
      const hasCameras = event.self?.is_video_suppressed !== undefined;
      return { ...state, maxParticipants, bitrate, restraint, hasCameras, showsAddresses: showsAddresses(event) };
    }
    case "media_changed":
      return { ...state, showsAddresses: showsAddresses(event) };
    case "batch_speaking":
      return patchEach(state, event.events, (is_speaking) => ({ is_speaking }));
    case "batch_status":
      return patchEach(state, event.events, (changes) => Object.fromEntries(definedOf(changes)));
    case "screen_share_started":
      return patchParticipant(state, event.user_id, { is_sharing: true });
    case "screen_share_stopped":
      return patchParticipant(state, event.user_id, { is_sharing: false, is_watched: false });
    case "error":
      if (event.ref === soundRef) return { ...state, soundRefused: { code: event.code } };
      return event.ref === ringRef ? { ...state, ringRefused: event.code } : state;
    case "sound_played":
      return { ...state, sound: { userId: event.user_id, sound: event.sound } };
    case "quality_changed":
      return { ...state, bitrate: event.bitrate };
    default:
      return state;
  }
}

function showsAddresses(event: Extract<VoiceEvent, { type: "participants" | "media_changed" }>): boolean {
  return event.media !== "forwarded" && event.ice_transport_policy === "all";
}

export function patchParticipant(state: CallState, userId: number, patch: Partial<CallParticipant>): CallState {
  const known = state.participants[userId];
  if (!known) return state;
  return { ...state, participants: { ...state.participants, [userId]: { ...known, ...patch } } };
}

export function putParticipant(state: CallState, participant: CallParticipant): CallState {
  return { ...state, participants: { ...state.participants, [participant.user_id]: participant } };
}

export function dropParticipant(state: CallState, userId: number): CallState {
  const { [userId]: _gone, ...participants } = state.participants;
  return { ...state, participants };
}

/** Changes the restraint of this participant by what the server says of them. */
export function restrain(state: CallState, changes: StatusChange): CallState {
  const known = definedOf(changes).filter(([key]) => key in unrestrained);
  return known.length === 0 ? state : { ...state, restraint: { ...state.restraint, ...Object.fromEntries(known) } };
}

type StatusChange = Extract<VoiceEvent, { type: "batch_status" }>["events"][string];

function definedOf(changes: StatusChange): [string, boolean][] {
  return Object.entries(changes).filter((one): one is [string, boolean] => one[1] !== undefined);
}

function patchEach<T>(
  state: CallState,
  events: Readonly<Record<string, T>>,
  patchOf: (value: T) => Partial<CallParticipant>,
): CallState {
  return Object.entries(events).reduce(
    (next, [id, value]) => patchParticipant(next, Number(id), patchOf(value)),
    state,
  );
}
