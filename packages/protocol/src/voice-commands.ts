import { z } from "zod";
import { limits } from "./limits.ts";
import { ref } from "./main-commands.ts";
import { id } from "./model.ts";

/** A client's call: the same UUID within 10 s is the same participant. */
export const callSession = z.uuid();

const sdp = z.string().min(1).max(limits.sdpLength);

const connectionId = z.string().max(64).optional();

/**
 * Signalling is loose: fields that the server does not know reach the target as they are. The two that clients of
 * version 2 add name the peer connections at both ends, so that nothing meant for one that is gone touches its heir.
 */
const toTarget = { ref, target_id: id, connection_id: connectionId, target_connection_id: connectionId };

export const signalCommands = [
  z.looseObject({ type: z.literal("offer"), ...toTarget, sdp }),
  z.looseObject({ type: z.literal("answer"), ...toTarget, sdp }),
  z.looseObject({
    type: z.literal("ice_candidate"),
    ...toTarget,
    /** Empty or null: there are no more. */
    candidate: z.string().max(limits.candidateLength).nullable(),
    sdpMid: z.string().max(64).nullish(),
    sdpMLineIndex: z.number().int().min(0).max(512).nullish(),
  }),
] as const;

export const qualityReport = z.object({
  type: z.literal("quality_report"),
  ref,
  rtt_ms: z.number().min(0).max(60_000),
  /** Share of packets, 0 to 1. */
  loss: z.number().min(0).max(1),
  jitter_ms: z.number().min(0).max(60_000),
  /** Bits per second of the audio that this client receives. */
  bitrate: z.number().min(0).max(100_000_000),
});

export const voiceCommand = z.discriminatedUnion("type", [
  ...signalCommands,
  z.object({ type: z.literal("speaking"), ref, is_speaking: z.boolean() }),
  z.object({ type: z.literal("mute"), ref, is_muted: z.boolean() }),
  z.object({ type: z.literal("deafen"), ref, is_deafened: z.boolean() }),
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
