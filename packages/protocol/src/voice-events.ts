import { z } from "zod";
import { socketEvents } from "./main-events.ts";
import { id, restraint, user } from "./model.ts";
import { serverSound } from "./sounds.ts";
import { keyEvents } from "./voice-keys.ts";

/** A participant of a voice channel, as the other participants see them. */
export const voiceParticipant = user.omit({ id: true }).extend({
  user_id: id,
  /** The participant's call id. When it changes, they joined again and need new peer connections. */
  session: z.string(),
  /**
   * Whether the participant uses a client of version 1: on version 1's socket, or on this one without a call id. Such
   * clients send an offer to every participant by themselves, and play one audio track for each participant.
   */
  is_legacy: z.boolean(),
  is_muted: z.boolean(),
  is_deafened: z.boolean(),
  is_speaking: z.boolean(),
  is_sharing: z.boolean(),
  is_camera_on: z.boolean(),
  /** A listener of a stage asks to speak. */
  is_hand_raised: z.boolean(),
  ...restraint,
});

const selfRestraint = z.object(restraint);

/** What has changed of a participant. */
const statusChange = voiceParticipant
  .pick({ is_muted: true, is_deafened: true, is_camera_on: true, is_server_muted: true, is_server_deafened: true })
  .extend({ is_suppressed: z.boolean(), is_video_suppressed: z.boolean(), is_hand_raised: z.boolean() })
  .partial();

/** As `RTCIceServer`. */
export const iceServer = z.object({
  urls: z.array(z.string()),
  username: z.string().optional(),
  credential: z.string().optional(),
});

/** As `RTCConfiguration.iceTransportPolicy`. `relay`: all media goes through a TURN server, and nobody sees addresses. */
export const iceTransportPolicy = z.enum(["all", "relay"]);

/**
 * How a room's participants get each other's media. `mesh`: everyone connects to everyone else. `forwarded`: everyone
 * connects to the forwarding unit, which signals with the id 0.
 */
export const media = z.enum(["mesh", "forwarded"]);

/** A participant's user id, or 0 for the forwarding unit. */
const sender = z.union([z.literal(0), id]);
const fromPeer = { from_id: sender, connection_id: z.string().optional(), target_connection_id: z.string().optional() };
/** `ice_servers`: of the forwarding unit's region, in place of those in `participants`. */
const description = {
  ...fromPeer,
  sdp: z.string(),
  camera_mid: z.string().nullish(),
  ice_servers: z.array(iceServer).optional(),
};
const ice = { ice_servers: z.array(iceServer), ice_transport_policy: iceTransportPolicy };

/** The region in which the call is forwarded; null in a mesh. */
const place = { region: z.string().nullish() };

const trackKind = z.enum(["microphone", "screen", "screen_sound", "camera"]);

export const voiceEvents = [
  z.object({
    type: z.literal("participants"),
    /** Without the user who receives it. */
    participants: z.array(voiceParticipant),
    media,
    ...ice,
    ...place,
    channel_settings: z.object({ max_participants: z.number().int(), bitrate: z.number().int() }),
    /** What is said and shown is encrypted from end to end; see `keys_join`. */
    is_encrypted: z.boolean().optional(),
    /** Of the user who receives it. Absent from version 1's socket. */
    self: selfRestraint.optional(),
  }),
  ...keyEvents,
  /** The room's media goes another way from here on; the former way is kept for ten seconds. */
  z.object({ type: z.literal("media_changed"), media, ...ice, ...place }),
  /**
   * What the connection to the forwarding unit carries from here on, by the `mid` of its sections; the others carry nothing.
   * `is_screen_wanted`, `is_camera_wanted`: somebody watches this participant's screen or camera, so it is to be sent. The same
   * of their small encodings, which servers from before these do not know.
   */
  z.object({
    type: z.literal("forwarded_tracks"),
    connection_id: z.string(),
    tracks: z.record(z.string(), z.object({ user_id: id, kind: trackKind })),
    is_screen_wanted: z.boolean(),
    is_camera_wanted: z.boolean(),
    is_small_screen_wanted: z.boolean().optional(),
    is_small_camera_wanted: z.boolean().optional(),
    is_mixed_wanted: z.boolean().optional(),
  }),
  voiceParticipant.extend({ type: z.literal("user_joined_voice") }),
  z.object({ type: z.literal("user_left_voice"), user_id: id }),
  z.looseObject({ type: z.literal("offer"), ...description }),
  z.looseObject({ type: z.literal("answer"), ...description }),
  z.looseObject({
    type: z.literal("ice_candidate"),
    ...fromPeer,
    candidate: z.string().nullable(),
    sdpMid: z.string().nullish(),
    sdpMLineIndex: z.number().nullish(),
  }),
  z.object({ type: z.literal("batch_speaking"), events: z.record(z.string(), z.boolean()) }),
  z.object({
    type: z.literal("batch_status"),
    events: z.record(z.string(), statusChange),
  }),
  /** A moderator has moved the receiver to another channel, whose call the client is to join. */
  z.object({ type: z.literal("voice_moved"), channel_id: id }),
  /** A participant, perhaps the receiver, plays a sound, which each client fetches and plays by itself. */
  z.object({ type: z.literal("sound_played"), user_id: id, sound: serverSound }),
  z.object({ type: z.literal("screen_share_started"), user_id: id, username: z.string() }),
  z.object({ type: z.literal("screen_share_stopped"), user_id: id, username: z.string() }),
  /** `bitrate`: the highest audio bitrate for each sender, in bits per second. */
  z.object({ type: z.literal("quality_changed"), bitrate: z.number().int(), reason: z.enum(["load"]) }),
] as const;

export const voiceEvent = z.discriminatedUnion("type", [...voiceEvents, ...socketEvents]);

export type VoiceParticipant = z.infer<typeof voiceParticipant>;
export type VoiceRestraint = z.infer<typeof selfRestraint>;
export type VoiceMedia = z.infer<typeof media>;
export type IceServer = z.infer<typeof iceServer>;
export type VoiceEvent = z.infer<typeof voiceEvent>;
