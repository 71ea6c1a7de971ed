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

/** The latest sample of each connection of the call. */
export interface CallSamples {
  /** By participant, in a mesh. */
  peers: readonly (readonly [userId: number, sample: PeerSample])[];
  /** Of the connection to the forwarding unit, which is everybody's; null in a mesh. */
  unit: PeerSample | null;
}

interface Options {
  clock: Clock;
  store: StoreApi<CallState>;
  sample: () => Promise<CallSamples>;
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
    const { peers, unit } = await sample();
    const samples = [...peers.map(([, one]) => one), ...(unit ? [unit] : [])];
    if (!this.#timer || samples.length === 0) return;
    store.setState((state) => keep(state, peers, unit));
    this.#rounds += 1;
    if (this.#rounds % reportEvery === 1) report(summary(samples));
  }
}

/** Samples of connections that the call no longer has are dropped. */
function keep(state: CallState, peers: CallSamples["peers"], unit: PeerSample | null): CallState {
  const bySender = new Map(peers);
  const kept = (former: readonly PeerSample[]) => former.slice(1 - keptSamples);
  return Object.values(state.participants).reduce<CallState>(
    (next, { user_id: userId, samples }) => {
      const sample = bySender.get(userId);
      if (sample) return patchParticipant(next, userId, { samples: [...kept(samples), sample] });
      return unit && samples.length > 0 ? patchParticipant(next, userId, { samples: [] }) : next;
    },
    { ...state, samples: unit ? [...kept(state.samples), unit] : [] },
  );
}

/** Averages over the connections; `bitrate` is the sum of what arrives over all of them. */
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
