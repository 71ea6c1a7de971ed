import { limits } from "@miscord/protocol";
import { allowSound, audioContext } from "../../../core/audio/audio-context.ts";
import { playBuffer } from "../../../core/audio/play-file.ts";

let stop: (() => void) | null = null;

/** Plays a sound to the user alone, in place of the one before; `volume` is in percent. To be called in a click handler. */
export async function listen(load: () => Promise<AudioBuffer>, volume: number): Promise<void> {
  const context = audioContext();
  const [buffer] = await Promise.all([load(), allowSound()]);
  stop?.();
  stop = playBuffer(buffer, { volume: volume / 100, to: context.destination, maxSeconds: limits.soundMs / 1_000 });
}
