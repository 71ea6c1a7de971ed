import type { Timing } from "./measure.ts";

/** Sizes and durations of the workloads. */
export interface Settings {
  runs: number;
  timing: Timing;
  /** Longest wait for the events caused by connecting before measurements begin. */
  settleLimitMs: number;
  busyChannel: {
    people: number;
    rates: readonly number[];
    /** The only rates of the contestants with compression or without batching. */
    savingRates: readonly number[];
    /** Higher rates, after `rates`. */
    climb: readonly number[];
    slowWindowMs: number;
  };
  /** Rates of the workload `curve`. */
  curve: readonly number[];
  community: { people: number; channels: number; messagesPerChannel: number; presenceShare: number; warmUpMs: number };
  many: {
    people: number;
    channels: number;
    outageMs: number;
    reconnectLimitMs: number;
    /** Presence events of 10,000 connects last for minutes, so the measurement begins during them. */
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
    reconnectLimitMs: 120_000,
    settleLimitMs: 5_000,
    oursOnly: false,
  },
  durable: { senders: [1, 10, 100, 1_000] },
};

/** A quick run checks that the benchmark works: every workload once and small. */
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
    reconnectLimitMs: 60_000,
    settleLimitMs: 1_000,
    oursOnly: true,
  },
  durable: { senders: [1, 20] },
};
