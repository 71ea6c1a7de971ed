import { Gate, type GateSettings } from "./gate.ts";

/** Message from the worklet to the page: `speaking` as soon as it changes, the level a few times a second. */
export interface GateReport {
  levelDb: number;
  isOpen: boolean;
}

/** Globals of the audio thread, which TypeScript's DOM library lacks. */
declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

const reportMs = 50;

class GateProcessor extends AudioWorkletProcessor {
  readonly #gate = new Gate(sampleRate);
  #sinceReport = 0;
  #peakDb = -100;
  #isStopped = false;

  constructor() {
    super();
    this.port.addEventListener("message", ({ data }: MessageEvent<GateSettings | null>) => {
      if (data) this.#gate.settings = data;
      else this.#isStopped = true;
    });
    this.port.start();
  }

  /** Called by the browser for each block of 128 samples. */
  process([input]: Float32Array[][], [output]: Float32Array[][]): boolean {
    const samples = input?.[0];
    const target = output?.[0];
    if (!samples || !target) return !this.#isStopped;
    const wasOpen = this.#gate.isOpen;
    this.#gate.process(samples, target);
    this.#report(samples.length, wasOpen);
    return !this.#isStopped;
  }

  #report(length: number, wasOpen: boolean): void {
    const { isOpen, levelDb } = this.#gate;
    this.#peakDb = Math.max(this.#peakDb, levelDb);
    this.#sinceReport += (length / sampleRate) * 1_000;
    if (isOpen === wasOpen && this.#sinceReport < reportMs) return;
    this.port.postMessage({ levelDb: this.#peakDb, isOpen } satisfies GateReport);
    this.#sinceReport = 0;
    this.#peakDb = -100;
  }
}

registerProcessor("miscord-gate", GateProcessor);
