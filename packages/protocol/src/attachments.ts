import { z } from "zod";
import { limits } from "./limits.ts";

/** What the client that recorded a voice message says of it. */
export const voiceRecording = z.object({
  duration_ms: z.number().int().positive().max(limits.voiceMessageMs),
  /** Base64 of its loudness over time: bytes from 0 to 255, at most `limits.waveformBytes`. */
  waveform: z
    .base64()
    .min(4)
    .max(Math.ceil(limits.waveformBytes / 3) * 4)
    .refine((text) => bytesInBase64(text) <= limits.waveformBytes, "is too long"),
});

export const voiceMs = voiceRecording.shape.duration_ms;

function bytesInBase64(text: string): number {
  return (text.length * 3) / 4 - (/=*$/.exec(text)?.[0].length ?? 0);
}

/** Fields of an upload's form, before its file: both of a voice message, none of another file. */
export const uploadFields = z
  .object({
    duration_ms: z.coerce.number().pipe(voiceRecording.shape.duration_ms),
    waveform: voiceRecording.shape.waveform,
  })
  .partial()
  .refine(
    ({ duration_ms, waveform }) => (duration_ms === undefined) === (waveform === undefined),
    "must have both or none",
  );

/** `duration_ms` and `waveform` are those of a voice message, and absent for every other file. */
export const attachment = z.object({
  id: z.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  file_url: z.string(),
  filename: z.string(),
  size: z.number().int().nonnegative(),
  content_type: z.string(),
  /** Pixels; only for images whose size is known. */
  width: z.number().int().positive().optional(),
  height: z.number().int().positive().optional(),
  /** It is a picture that moves: with `?still` its address is that of the first frame. */
  animated: z.literal(true).optional(),
  /** The service that it comes from, which wants to be named. */
  credit: z.string().optional(),
  ...voiceRecording.partial().shape,
});

export type Attachment = z.infer<typeof attachment>;
export type VoiceRecording = z.infer<typeof voiceRecording>;
