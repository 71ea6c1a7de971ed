import { z } from "zod";
import { limits } from "./limits.ts";
import { ref } from "./main-commands.ts";
import { id } from "./model.ts";
import { sdp } from "./sdp.ts";
import { keyCommands } from "./voice-keys.ts";

/** Call id: a client that reconnects with the same UUID within 10 s is the same participant. */
export const callSession = z.uuid();

const connectionId = z.string().max(64).optional();

/**
 * Signalling schemas are loose: unknown fields reach the target unchanged. `connection_id` and `target_connection_id`
 * name
 * the peer connections at both ends, so that a signal for a closed connection is not applied to its successor.
 */
/** A participant's user id, or 0 for the forwarding unit. */
const target = z.union([z.literal(0), id]);
const toTarget = { ref, target_id: target, connection_id: connectionId, target_connection_id: connectionId };
/** `camera_mid`: which section carries the sender's camera; the other sections with pictures carry a screen. */
const description = { ...toTarget, sdp, camera_mid: z.string().max(64).nullish() };

export const signalCommands = [
  z.looseObject({ type: z.literal("offer"), ...description }),
  z.looseObject({ type: z.literal("answer"), ...description }),
  z.looseObject({
    type: z.literal("ice_candidate"),
    ...toTarget,
    /** Empty or null marks the end of the candidates. */
    candidate: z.string().max(limits.candidateLength).nullable(),
    sdpMid: z.string().max(64).nullish(),
    sdpMLineIndex: z.number().int().min(0).max(512).nullish(),
  }),
] as const;

export const qualityReport = z.object({
  type: z.literal("quality_report"),
  ref,
  rtt_ms: z.number().min(0).max(60_000),
  /** Share of the packets received that were lost, 0 to 1. */
  loss: z.number().min(0).max(1),
  jitter_ms: z.number().min(0).max(60_000),
  /** Bits per second that this client receives from all peers. */
  bitrate: z.number().min(0).max(100_000_000),
});

export const voiceCommand = z.discriminatedUnion("type", [
  ...signalCommands,
  ...keyCommands,
  /**
   * Asks the forwarding unit for a new connection in place of the one with this id, which does not work any more; without
   * an id, in place of any.
   */
  z.object({ type: z.literal("renew_media"), ref, connection_id: connectionId }),
  /**
   * Whose screens (`user_ids`) and cameras the forwarding unit is to send: these and no others. In a mesh, peers negotiate
   * it.
   */
  z.object({
    type: z.literal("watch"),
    ref,
    user_ids: z.array(id).max(limits.watchedScreens),
    camera_ids: z.array(id).max(limits.watchedCameras).optional(),
    /** Those of them that are shown in small tiles, for which the small encoding is enough. */
    small_user_ids: z.array(id).max(limits.watchedScreens).optional(),
    small_camera_ids: z.array(id).max(limits.watchedCameras).optional(),
  }),
  z.object({ type: z.literal("speaking"), ref, is_speaking: z.boolean() }),
  z.object({ type: z.literal("mute"), ref, is_muted: z.boolean() }),
  z.object({ type: z.literal("deafen"), ref, is_deafened: z.boolean() }),
  /** Plays a sound of one of the user's servers to everybody in the call. */
  z.object({ type: z.literal("play_sound"), ref, sound_id: id }),
  /** A listener of a stage asks to speak, or no longer does. */
  z.object({ type: z.literal("raise_hand"), ref, is_raised: z.boolean() }),
  z.object({ type: z.literal("camera"), ref, is_camera_on: z.boolean() }),
  /** Rings the people of a private channel: these, or all who are not in the call. */
  z.object({ type: z.literal("ring"), ref, user_ids: z.array(id).max(limits.groupPeople).optional() }),
  z.object({ type: z.literal("screen_share_start"), ref }),
  z.object({ type: z.literal("screen_share_stop"), ref }),
  qualityReport,
  z.object({ type: z.literal("heartbeat"), ref, timestamp: z.number().optional() }),
  z.object({ type: z.literal("ping"), ref, timestamp: z.number().optional() }),
  z.object({ type: z.literal("pong"), ref }),
  z.object({ type: z.literal("auth_refresh"), ref, token: z.string().max(4_096) }),
]);

export type SignalCommand = z.infer<(typeof signalCommands)[number]>;
export type QualityReport = z.infer<typeof qualityReport>;
export type VoiceCommand = z.infer<typeof voiceCommand>;
