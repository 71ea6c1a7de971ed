import type { InspectedSound } from "./inspected-sound.ts";
import { mp3 } from "./mp3.ts";
import { ogg } from "./ogg.ts";
import { wav } from "./wav.ts";

/**
 * A short sound in MP3, Ogg (Opus or Vorbis) or WAV, with one channel or two. How long it is follows from what a decoder would
 * decode, and not from what the file says of itself. Null: another format, or damaged.
 */
export function inspectSound(bytes: Buffer): InspectedSound | null {
  const start = bytes.toString("latin1", 0, 4);
  try {
    if (start === "OggS") return ogg(bytes);
    if (start === "RIFF") return wav(bytes);
    return mp3(bytes);
  } catch (error) {
    // It ends amid a header.
    if (error instanceof RangeError) return null;
    throw error;
  }
}
