import type {
  LegacyVoiceCommand,
  LegacyVoiceEvent,
  LegacyVoiceParticipant,
  VoiceCommand,
  VoiceEvent,
  VoiceParticipant,
} from "@miscord/protocol";

const untold = {
  is_camera_on: false,
  is_hand_raised: false,
  is_server_muted: false,
  is_server_deafened: false,
  is_suppressed: false,
  is_video_suppressed: false,
};

/** Version 1 does not carry the channel's settings: 0 means an unknown limit, and `bitrate` is the default. */
const unknownSettings = { max_participants: 0, bitrate: 64_000 };

/** Converts a command to version 1's voice socket; null when it has no such command. */
export function encodeVoiceCommand(command: VoiceCommand): LegacyVoiceCommand | null {
  switch (command.type) {
    case "offer": {
      const { type, target_id, sdp } = command;
      return { type, target_id, offer: { type, sdp } };
    }
    case "answer": {
      const { type, target_id, sdp } = command;
      return { type, target_id, answer: { type, sdp } };
    }
    case "ice_candidate": {
      const { type, target_id, candidate, sdpMid, sdpMLineIndex } = command;
      return { type, target_id, candidate: candidate === null ? null : { candidate, sdpMid, sdpMLineIndex } };
    }
    case "quality_report":
    case "keys_join":
    case "keys_commit":
    case "renew_media":
    case "raise_hand":
    case "play_sound":
    case "camera":
    case "watch":
    case "ring":
    case "heartbeat":
    case "auth_refresh":
      return null;
    default:
      return command;
  }
}

/** Converts events of version 1's voice socket to those of `/ws/voice`. */
export class LegacyVoiceDecoder {
  /** In version 1 a participant's call ends with their socket, so every join gets a new call id. */
  #calls = 0;

  decode(event: LegacyVoiceEvent): VoiceEvent[] {
    switch (event.type) {
      case "participants": {
        const participants = event.participants.map((participant) => this.#withCallId(participant));
        return [{ ...event, participants, media: "mesh", channel_settings: unknownSettings }];
      }
      case "user_joined_voice":
        return [{ ...this.#withCallId(event), type: event.type }];
      case "offer":
        return [{ type: event.type, from_id: event.from_id, sdp: event.offer.sdp }];
      case "answer":
        return [{ type: event.type, from_id: event.from_id, sdp: event.answer.sdp }];
      case "ice_candidate":
        return [{ type: event.type, from_id: event.from_id, ...event.candidate }];
      case "user_speaking":
        return [{ type: "batch_speaking", events: { [event.user_id]: event.is_speaking } }];
      case "user_muted":
        return [{ type: "batch_status", events: { [event.user_id]: { is_muted: event.is_muted } } }];
      case "user_deafened":
        return [{ type: "batch_status", events: { [event.user_id]: { is_deafened: event.is_deafened } } }];
      // Repeats the error before it.
      case "rate_limit":
        return [];
      default:
        return [event];
    }
  }

  #withCallId(participant: LegacyVoiceParticipant): VoiceParticipant {
    this.#calls += 1;
    return { ...participant, ...untold, session: String(this.#calls) };
  }
}
