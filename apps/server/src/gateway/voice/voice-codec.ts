import type { SignalCommand, VoiceEvent, VoiceParticipant } from "@miscord/protocol";
import { textFrame } from "../../delivery/frame.ts";
import { encodeOnce } from "../../voice/encode-once.ts";
import type {
  ParticipantState,
  Restraint,
  RoomEvent,
  RoomMedia,
  ShownStatus,
  Signal,
  VoiceCodec,
} from "../../voice/events.ts";

/** Codec of `/ws/voice`. */
export const voiceCodec: VoiceCodec = encodeOnce({
  isLegacy: false,
  encode: (event) => [textFrame(JSON.stringify(toWire(event)))],
});

function toWire(event: RoomEvent): VoiceEvent {
  switch (event.kind) {
    case "entered":
      return {
        type: "participants",
        participants: event.participants.map(participantToWire),
        ...mediaToWire(event),
        channel_settings: { max_participants: event.settings.maxParticipants, bitrate: event.settings.bitrate },
        is_encrypted: event.isEncrypted,
        self: restraintToWire(event.restraint),
      };
    case "media":
      return { type: "media_changed", ...mediaToWire(event) };
    case "tracks":
      return tracksToWire(event);
    case "keys":
      return event.message;
    case "joined":
      return { type: "user_joined_voice", ...participantToWire(event.participant) };
    case "left":
      return { type: "user_left_voice", user_id: event.userId };
    case "signal":
      return signalToWire(event.fromId, event.signal);
    case "speaking":
      return { type: "batch_speaking", events: Object.fromEntries(event.events) };
    case "status":
      return { type: "batch_status", events: statusToWire(event.events) };
    case "sharing":
      return {
        type: event.isSharing ? "screen_share_started" : "screen_share_stopped",
        user_id: event.user.id,
        username: event.user.username,
      };
    case "sound":
      return { type: "sound_played", user_id: event.userId, sound: event.sound };
    case "quality":
      return { type: "quality_changed", bitrate: event.bitrate, reason: event.reason };
    case "moved":
      return { type: "voice_moved", channel_id: event.channelId };
  }
}

function mediaToWire({ media, region, ice }: RoomMedia) {
  return {
    media,
    region,
    ice_servers: ice.servers,
    ice_transport_policy: ice.isRelayOnly ? ("relay" as const) : ("all" as const),
  };
}

function tracksToWire(event: Extract<RoomEvent, { kind: "tracks" }>): VoiceEvent {
  const { connectionId, tracks, isScreenWanted, isCameraWanted, isSmallScreenWanted, isSmallCameraWanted } = event;
  const { isMixedWanted } = event;
  return {
    type: "forwarded_tracks",
    connection_id: connectionId,
    tracks: Object.fromEntries(
      Object.entries(tracks).map(([mid, { userId, kind }]) => [mid, { user_id: userId, kind }]),
    ),
    is_screen_wanted: isScreenWanted,
    is_camera_wanted: isCameraWanted,
    is_small_screen_wanted: isSmallScreenWanted,
    is_small_camera_wanted: isSmallCameraWanted,
    is_mixed_wanted: isMixedWanted,
  };
}

function participantToWire(participant: ParticipantState): VoiceParticipant {
  const { id, username, display_name, avatar_url, avatar_color } = participant.user;
  const person = { user_id: id, username, display_name, avatar_url, avatar_color };
  return {
    ...person,
    session: participant.callId,
    is_legacy: participant.isLegacy,
    is_muted: participant.isMuted,
    is_deafened: participant.isDeafened,
    is_speaking: participant.isSpeaking,
    is_sharing: participant.isSharing,
    is_camera_on: participant.isCameraOn,
    is_hand_raised: participant.isHandRaised,
    ...restraintToWire(participant),
  };
}

function restraintToWire({ isServerMuted, isServerDeafened, isSuppressed, isVideoSuppressed }: Restraint) {
  return {
    is_server_muted: isServerMuted,
    is_server_deafened: isServerDeafened,
    is_suppressed: isSuppressed,
    is_video_suppressed: isVideoSuppressed,
  };
}

const statusFields = {
  isMuted: "is_muted",
  isDeafened: "is_deafened",
  isCameraOn: "is_camera_on",
  isServerMuted: "is_server_muted",
  isServerDeafened: "is_server_deafened",
  isSuppressed: "is_suppressed",
  isVideoSuppressed: "is_video_suppressed",
  isHandRaised: "is_hand_raised",
} as const satisfies Record<keyof ShownStatus, string>;

/** The server's own fields are spread last, so that fields chosen by the peer cannot overwrite them. */
function signalToWire(fromId: number, { extra, ...signal }: Signal): VoiceEvent {
  if (signal.kind !== "candidate") return { ...extra, type: signal.kind, from_id: fromId, sdp: signal.sdp };
  const { candidate, sdpMid, sdpMLineIndex } = signal;
  return { ...extra, type: "ice_candidate", from_id: fromId, candidate, sdpMid, sdpMLineIndex };
}

function statusToWire(events: Extract<RoomEvent, { kind: "status" }>["events"]) {
  return Object.fromEntries(
    [...events].map(([userId, changes]) => [
      userId,
      Object.fromEntries(
        Object.entries(changes).map(([key, value]) => [statusFields[key as keyof ShownStatus], value]),
      ),
    ]),
  );
}

type Candidate = Extract<SignalCommand, { type: "ice_candidate" }>;
type Description = Exclude<SignalCommand, Candidate>;

/** Drops the target: the receiver gets `from_id` instead. */
export function toSignal(command: SignalCommand): Signal {
  return command.type === "ice_candidate" ? toCandidate(command) : toDescription(command);
}

function toDescription({ type, ref: _ref, target_id: _target, sdp, ...extra }: Description): Signal {
  return { kind: type, sdp, extra };
}

function toCandidate({ type: _type, ref: _ref, target_id: _target, ...rest }: Candidate): Signal {
  const { candidate, sdpMid = null, sdpMLineIndex = null, ...extra } = rest;
  return { kind: "candidate", candidate, sdpMid, sdpMLineIndex, extra };
}
