import { limits } from "@miscord/protocol";

/** Below this a recording is silence, whose noise is not to be shown as speech. */
const silence = 0.01;

/** The root mean square of samples from -1 to 1. */
export function loudnessOf(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

/** From 0 to 1, as high as a bar is drawn: hearing is no more linear than the square root. */
export function heightOf(loudness: number): number {
  return Math.min(1, Math.sqrt(Math.max(0, loudness) * 3));
}

/**
 * The wave form of a recording, base64 of at most `limits.waveformBytes`: the loudest of each of as many equal parts, the
 * loudest of all 255.
 */
export function waveformOf(loudness: readonly number[]): string {
  const loudest = Math.max(silence, ...loudness);
  const count = Math.max(1, Math.min(limits.waveformBytes, loudness.length));
  const bytes = Array.from({ length: count }, (_, part) => {
    const from = Math.floor((part * loudness.length) / count);
    const end = Math.floor(((part + 1) * loudness.length) / count);
    return Math.round(255 * Math.sqrt(Math.max(0, ...loudness.slice(from, end)) / loudest));
  });
  return btoa(String.fromCharCode(...bytes));
}
