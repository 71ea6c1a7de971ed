import type { Timing } from "./measure.ts";

/** How much of each workload is done. */
export interface Settings {
  runs: number;
  timing: Timing;
  /** How long the stir of everyone's arrival may last before the measurements begin. */
  settleLimitMs: number;
  busyChannel: {
    people: number;
    rates: readonly number[];
    /** What compression and the lack of batching save is read here; their contestants do no other rates. */
    savingRates: readonly number[];
    /** Beyond `rates`. */
    climb: readonly number[];
    slowWindowMs: number;
  };
  /** Rates of the flush's curve. */
  curve: readonly number[];
  community: { people: number; channels: number; messagesPerChannel: number; presenceShare: number; warmUpMs: number };
  many: {
    people: number;
    channels: number;
    outageMs: number;
    comebackLimitMs: number;
    /** Ten thousand arrivals are told of for minutes, as in life: the measurement begins amid it. */
    settleLimitMs: number;
    oursOnly: boolean;
  };
  durable: { senders: readonly number[] };
}

export const fullSettings: Settings = {
  runs: 3,
  timing: { warmUpMs: 1_500, windowMs: 4_000, drainMs: 30_000 },
  settleLimitMs: 12_000,
  busyChannel: {
    people: 1_000,
    rates: [1, 5, 50, 100, 200],
    savingRates: [100, 200],
    climb: [300, 500, 700],
    slowWindowMs: 6_000,
  },
  curve: [2, 5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300],
  community: { people: 1_000, channels: 50, messagesPerChannel: 5, presenceShare: 0.02, warmUpMs: 4_000 },
  many: {
    people: 10_000,
    channels: 50,
    outageMs: 2_000,
    comebackLimitMs: 120_000,
    settleLimitMs: 5_000,
    oursOnly: false,
  },
  durable: { senders: [1, 10, 100, 1_000] },
};

/** Whether it works, not how fast it is: everything in small, once. */
export const quickSettings: Settings = {
  runs: 1,
  timing: { warmUpMs: 500, windowMs: 1_000, drainMs: 20_000 },
  settleLimitMs: 1_000,
  busyChannel: { people: 100, rates: [50], savingRates: [50], climb: [], slowWindowMs: 1_000 },
  curve: [20],
  community: { people: 100, channels: 5, messagesPerChannel: 5, presenceShare: 0.02, warmUpMs: 500 },
  many: {
    people: 200,
    channels: 5,
    outageMs: 100,
    comebackLimitMs: 60_000,
    settleLimitMs: 1_000,
    oursOnly: true,
  },
  durable: { senders: [1, 20] },
};
