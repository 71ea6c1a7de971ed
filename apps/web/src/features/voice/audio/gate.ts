export interface GateSettings {
  /** `activity`: open while somebody speaks; `push`: open while a key is held. */
  mode: "activity" | "push";
  /** Level in dBFS that counts as speech; null finds it by itself, above the room's noise. */
  thresholdDb: number | null;
  /** In `push` mode: the key is down. */
  isHeld: boolean;
}

/** Level of silence, in dBFS. */
export const floorDb = -100;

/** Speech opens the gate at the threshold and keeps it open down to so much below. */
const hysteresisDb = 6;
/** Between words the gate stays open. */
const holdMs = 350;
/** The gate opens within this, looking ahead by as much, so that the first consonant is not cut. */
const attackMs = 8;
const releaseMs = 120;
/** How far speech must stand out of the noise, and the least level that is ever taken for speech. */
const aboveNoiseDb = 10;
const leastThresholdDb = -58;
/** The estimate of the noise follows a quieter room at once and a louder one slowly. */
const noiseRiseDbPerSecond = 4;

/** Lets a voice through and nothing else. Levels are measured on what comes in, after noise suppression. */
export class Gate {
  settings: GateSettings = { mode: "activity", thresholdDb: null, isHeld: false };
  /** Of the latest block. */
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

  /** Both of the same length; `output` gets the input of `attackMs` ago, or silence. */
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
    this.#listenToNoise(blockMs);
    const threshold = this.#thresholdDb();
    const isLoud = this.levelDb >= (this.isOpen ? threshold - hysteresisDb : threshold);
    if (mode === "push" ? isHeld : isLoud) this.#holdLeft = mode === "push" ? 0 : holdMs;
    else this.#holdLeft = Math.max(0, this.#holdLeft - blockMs);
    this.isOpen = mode === "push" ? isHeld : isLoud || this.#holdLeft > 0;
  }

  #thresholdDb(): number {
    return this.settings.thresholdDb ?? Math.max(leastThresholdDb, this.#noiseDb + aboveNoiseDb);
  }

  #listenToNoise(blockMs: number): void {
    const rise = (noiseRiseDbPerSecond * blockMs) / 1_000;
    this.#noiseDb = Math.min(this.levelDb, this.#noiseDb + rise);
    this.#noiseDb = Math.max(floorDb, this.#noiseDb);
  }
}

/** Root mean square in dBFS. */
export function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const rms = Math.sqrt(sum / Math.max(1, samples.length));
  return Math.max(floorDb, 20 * Math.log10(rms || 1e-9));
}
