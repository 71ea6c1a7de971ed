export interface GateSettings {
  /** `activity`: open while somebody speaks; `push`: open while a key is held. */
  mode: "activity" | "push";
  /** Level in dBFS that counts as speech; null determines it automatically, above the room's noise. */
  thresholdDb: number | null;
  /** Whether the key is down, for `push` mode. */
  isHeld: boolean;
}

/** Level of silence in dBFS. */
export const floorDb = -100;

/** Speech opens the gate at the threshold and keeps it open down to this much below. */
const hysteresisDb = 6;
/** How long the gate stays open between words. */
const holdMs = 350;
/**
 * Time to open the gate, and the delay of the output by which the gate looks ahead, so that the first consonant is not
 * cut.
 */
const attackMs = 8;
const releaseMs = 120;
/** How far above the noise a sound must be to count as speech, and the lowest level that ever does. */
const aboveNoiseDb = 10;
const leastThresholdDb = -58;
/** The noise estimate follows a quieter room at once and a louder one at this rate. */
const noiseRiseDbPerSecond = 4;

/** A noise gate for a voice. Levels are measured on its input, after noise suppression. */
export class Gate {
  settings: GateSettings = { mode: "activity", thresholdDb: null, isHeld: false };
  /** Level of the latest block in dBFS. */
  levelDb = floorDb;
  isOpen = false;
  readonly #sampleRate: number;
  readonly #delay: Float32Array;
  #position = 0;
  #gain = 0;
  #noiseDb = -50;
  #holdLeft = 0;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
    this.#delay = new Float32Array(Math.round((attackMs / 1_000) * sampleRate));
  }

  /** Processes a block. Both arrays have the same length; `output` gets the input of `attackMs` ago, or silence. */
  process(input: Float32Array, output: Float32Array): void {
    this.levelDb = levelOf(input);
    this.#decide((input.length / this.#sampleRate) * 1_000);
    const target = this.isOpen ? 1 : 0;
    const step = 1_000 / ((this.isOpen ? attackMs : releaseMs) * this.#sampleRate);
    for (let i = 0; i < input.length; i += 1) {
      this.#gain = target > this.#gain ? Math.min(target, this.#gain + step) : Math.max(target, this.#gain - step);
      output[i] = this.#delay[this.#position]! * this.#gain;
      this.#delay[this.#position] = input[i]!;
      this.#position = (this.#position + 1) % this.#delay.length;
    }
  }

  #decide(blockMs: number): void {
    const { mode, isHeld } = this.settings;
    this.#estimateNoise(blockMs);
    const threshold = this.#thresholdDb();
    const isLoud = this.levelDb >= (this.isOpen ? threshold - hysteresisDb : threshold);
    if (mode === "push" ? isHeld : isLoud) this.#holdLeft = mode === "push" ? 0 : holdMs;
    else this.#holdLeft = Math.max(0, this.#holdLeft - blockMs);
    this.isOpen = mode === "push" ? isHeld : isLoud || this.#holdLeft > 0;
  }

  #thresholdDb(): number {
    return this.settings.thresholdDb ?? Math.max(leastThresholdDb, this.#noiseDb + aboveNoiseDb);
  }

  #estimateNoise(blockMs: number): void {
    const rise = (noiseRiseDbPerSecond * blockMs) / 1_000;
    this.#noiseDb = Math.min(this.levelDb, this.#noiseDb + rise);
    this.#noiseDb = Math.max(floorDb, this.#noiseDb);
  }
}

/** Root mean square of the samples in dBFS. */
export function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const rms = Math.sqrt(sum / Math.max(1, samples.length));
  return Math.max(floorDb, 20 * Math.log10(rms || 1e-9));
}
