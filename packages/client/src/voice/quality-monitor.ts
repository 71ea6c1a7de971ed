import type { VoiceCommand } from "@miscord/protocol";
import type { StoreApi } from "zustand/vanilla";
import type { Clock, Timer } from "../platform.ts";
import { patchParticipant } from "./reduce-call.ts";
import type { PeerSample } from "./stats.ts";
import type { CallState } from "./types.ts";

const sampleMs = 2_000;
/** One minute of samples. */
const keptSamples = 30;
/** Every fifth sample is reported to the server. */
const reportEvery = 5;

interface Options {
  clock: Clock;
  store: StoreApi<CallState>;
  /** The latest sample of each participant's connection. */
  sample: () => Promise<[number, PeerSample][]>;
  report: (command: VoiceCommand) => void;
}

/** Samples the statistics of all peer connections every two seconds during a call. */
export class QualityMonitor {
  readonly #options: Options;
  #timer: Timer | null = null;
  #rounds = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#schedule();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #schedule(): void {
    this.#timer = this.#options.clock.setTimeout(() => {
      this.#schedule();
      void this.#sample();
    }, sampleMs);
  }

  async #sample(): Promise<void> {
    const { sample, store, report } = this.#options;
    const samples = await sample();
    if (!this.#timer || samples.length === 0) return;
    store.setState((state) =>
      samples.reduce((next, [userId, sample]) => {
        const kept = next.participants[userId]?.samples.slice(1 - keptSamples) ?? [];
        return patchParticipant(next, userId, { samples: [...kept, sample] });
      }, state),
    );
    this.#rounds += 1;
    if (this.#rounds % reportEvery === 1) report(summary(samples.map(([, sample]) => sample)));
  }
}

/** Averages over the peers; `bitrate` is the sum of what all of them send here. */
function summary(samples: readonly PeerSample[]): VoiceCommand {
  const mean = (pick: (sample: PeerSample) => number) =>
    samples.reduce((sum, one) => sum + pick(one), 0) / samples.length;
  return {
    type: "quality_report",
    rtt_ms: mean(({ rttMs }) => rttMs ?? 0),
    loss: mean(({ lossIn }) => lossIn),
    jitter_ms: mean(({ jitterMs }) => jitterMs ?? 0),
    bitrate: samples.reduce((sum, { bitrateIn }) => sum + bitrateIn, 0),
  };
}
