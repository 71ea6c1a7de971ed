import type { LegacyVoiceEvent, LegacyVoiceParticipant } from "@miscord/protocol";
import { textFrame } from "../../delivery/frame.ts";
import { encodeOnce } from "../../voice/encode-once.ts";
import type { ParticipantState, RoomEvent, Signal, StatusChange, VoiceCodec } from "../../voice/events.ts";

/** Codec of `/ws/legacy/voice`: one frame per participant and state change, and nested signals. */
export const legacyVoiceCodec: VoiceCodec = encodeOnce({
  isLegacy: true,
  encode: (event) => toWire(event).map((encoded) => textFrame(JSON.stringify(encoded))),
});

function toWire(event: RoomEvent): LegacyVoiceEvent[] {
  switch (event.kind) {
    case "entered":
      return [
        {
          type: "participants",
          participants: event.participants.map(participantToWire),
          ice_servers: event.ice.servers,
          ice_transport_policy: event.ice.isRelayOnly ? "relay" : "all",
        },
      ];
    case "joined":
      return [{ type: "user_joined_voice", ...participantToWire(event.participant) }];
    case "left":
      return [{ type: "user_left_voice", user_id: event.userId }];
    case "signal":
      return signalToWire(event.fromId, event.signal);
    case "speaking":
      return [...event.events].map(([user_id, is_speaking]) => ({ type: "user_speaking", user_id, is_speaking }));
    case "status":
      return [...event.events].flatMap(([userId, change]) => statusToWire(userId, change));
    case "sharing": {
      const { id, username } = event.user;
      return [{ type: event.isSharing ? "screen_share_started" : "screen_share_stopped", user_id: id, username }];
    }
    // Its clients have a connection to each other participant, in a forwarded room as in a mesh.
    case "media":
    case "tracks":
    case "quality":
    // Its clients have no soundboard.
    case "sound":
    // No client of version 1 is let into an encrypted room.
    case "keys":
    // What a moderator does shows as muted and deafened; who is moved or removed loses the connection.
    case "moved":
      return [];
  }
}

function participantToWire(participant: ParticipantState): LegacyVoiceParticipant {
  const { id, username, display_name, avatar_url, avatar_color } = participant.user;
  return {
    user_id: id,
    username,
    display_name,
    avatar_url,
    avatar_color,
    is_legacy: participant.isLegacy,
    is_muted: participant.isMuted,
    is_deafened: participant.isDeafened,
    is_speaking: participant.isSpeaking,
    is_sharing: participant.isSharing,
  };
}

/** The end of candidates is left out: `new RTCIceCandidate(null)` throws in clients of version 1. */
function signalToWire(fromId: number, signal: Signal): LegacyVoiceEvent[] {
  switch (signal.kind) {
    case "offer":
      return [{ type: "offer", from_id: fromId, offer: { type: "offer", sdp: signal.sdp } }];
    case "answer":
      return [{ type: "answer", from_id: fromId, answer: { type: "answer", sdp: signal.sdp } }];
    case "candidate": {
      const { candidate, sdpMid, sdpMLineIndex } = signal;
      if (!candidate) return [];
      return [{ type: "ice_candidate", from_id: fromId, candidate: { candidate, sdpMid, sdpMLineIndex } }];
    }
  }
}

function statusToWire(userId: number, { isMuted, isDeafened }: StatusChange): LegacyVoiceEvent[] {
  const events: LegacyVoiceEvent[] = [];
  if (isMuted !== undefined) events.push({ type: "user_muted", user_id: userId, is_muted: isMuted });
  if (isDeafened !== undefined) events.push({ type: "user_deafened", user_id: userId, is_deafened: isDeafened });
  return events;
}
