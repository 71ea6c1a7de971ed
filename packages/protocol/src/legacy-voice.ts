import { z } from "zod";
import { legacySocketEvents } from "./legacy-chat.ts";
import { limits } from "./limits.ts";
import { ref } from "./main-commands.ts";
import { epochSeconds as timestamp, id } from "./model.ts";
import { sdp } from "./sdp.ts";
import { iceServer, iceTransportPolicy, voiceParticipant } from "./voice-events.ts";

const offer = z.object({ type: z.literal("offer"), sdp });
const answer = z.object({ type: z.literal("answer"), sdp });
/** As `RTCIceCandidateInit`. */
const candidate = z.object({
  candidate: z.string().max(limits.candidateLength),
  sdpMid: z.string().max(64).nullish(),
  sdpMLineIndex: z.number().int().min(0).max(512).nullish(),
});

export const legacyVoiceCommand = z.discriminatedUnion("type", [
  z.object({ type: z.literal("offer"), ref, target_id: id, offer }),
  z.object({ type: z.literal("answer"), ref, target_id: id, answer }),
  /** Null marks the end of the candidates. */
  z.object({ type: z.literal("ice_candidate"), ref, target_id: id, candidate: candidate.nullable() }),
  z.object({ type: z.literal("speaking"), ref, is_speaking: z.boolean() }),
  z.object({ type: z.literal("mute"), ref, is_muted: z.boolean() }),
  z.object({ type: z.literal("deafen"), ref, is_deafened: z.boolean() }),
  z.object({ type: z.literal("screen_share_start"), ref }),
  z.object({ type: z.literal("screen_share_stop"), ref }),
  z.object({ type: z.literal("ping"), ref }),
  z.object({ type: z.literal("pong"), ref }),
]);

/**
 * In version 1 a call ends with its socket, so participants have no call id; what moderators impose is not told apart, and
 * there are no cameras.
 */
export const legacyVoiceParticipant = voiceParticipant.omit({
  session: true,
  is_server_muted: true,
  is_server_deafened: true,
  is_suppressed: true,
  is_video_suppressed: true,
  is_camera_on: true,
  is_hand_raised: true,
});

export const legacyVoiceEvents = [
  z.object({
    type: z.literal("participants"),
    /** Without the user who receives it. */
    participants: z.array(legacyVoiceParticipant),
    ice_servers: z.array(iceServer),
    ice_transport_policy: iceTransportPolicy,
  }),
  legacyVoiceParticipant.extend({ type: z.literal("user_joined_voice") }),
  z.object({ type: z.literal("user_left_voice"), user_id: id }),
  z.object({ type: z.literal("offer"), from_id: id, offer }),
  z.object({ type: z.literal("answer"), from_id: id, answer }),
  z.object({ type: z.literal("ice_candidate"), from_id: id, candidate }),
  z.object({ type: z.literal("user_speaking"), user_id: id, is_speaking: z.boolean() }),
  z.object({ type: z.literal("user_muted"), user_id: id, is_muted: z.boolean() }),
  z.object({ type: z.literal("user_deafened"), user_id: id, is_deafened: z.boolean() }),
  z.object({ type: z.literal("screen_share_started"), user_id: id, username: z.string() }),
  z.object({ type: z.literal("screen_share_stopped"), user_id: id, username: z.string() }),
  z.object({ type: z.literal("pong"), timestamp }),
  ...legacySocketEvents,
] as const;

export const legacyVoiceEvent = z.discriminatedUnion("type", legacyVoiceEvents);

export type LegacyVoiceParticipant = z.infer<typeof legacyVoiceParticipant>;
export type LegacyVoiceCommand = z.infer<typeof legacyVoiceCommand>;
export type LegacyVoiceEvent = z.infer<typeof legacyVoiceEvent>;
