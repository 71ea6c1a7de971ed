import { limits, soundUrl, type ServerSound } from "@miscord/protocol";
import { audioContext } from "../../../core/audio/audio-context.ts";
import { loadSound, playBuffer } from "../../../core/audio/play-file.ts";

/** A sound that arrives later than this is out of its time. */
const patienceMs = 3_000;

/** The sounds of the soundboard that are heard in a call. */
export class BoardPlayback {
  readonly #stops = new Set<() => void>();
  #isClosed = false;

  /** `volume` is from 0 to 2. One that cannot be had is not heard. */
  async play(sound: ServerSound, volume: number): Promise<void> {
    const from = performance.now();
    const buffer = await loadSound(soundUrl(sound.id)).catch(() => null);
    if (!buffer || this.#isClosed || performance.now() - from > patienceMs) return;
    const stop = playBuffer(buffer, {
      volume: (volume * sound.volume) / 100,
      to: audioContext().destination,
      maxSeconds: limits.soundMs / 1_000,
    });
    this.#stops.add(stop);
    setTimeout(() => this.#stops.delete(stop), limits.soundMs);
  }

  /** Ends what is heard at present. */
  silence(): void {
    for (const stop of this.#stops) stop();
    this.#stops.clear();
  }

  close(): void {
    this.#isClosed = true;
    this.silence();
  }
}
