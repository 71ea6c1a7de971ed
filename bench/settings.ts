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
    /** Rates of the workload `middle`. */
    middle: readonly number[];
    /** Rates of the workload `break`, up to the first that is not held. */
    breaking: readonly number[];
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
  connections: {
    loads: readonly { people: number; heartbeatS: number }[];
    peoplePerServer: number;
    /** Connections of one load generator, a process that may have 20,000 files open as the servers do. */
    perGenerator: number;
    arrivalLimitMs: number;
    reconnectLimitMs: number;
    settleLimitMs: number;
  };
  /** How long after its first answer a server's memory is read. */
  start: { restMs: number };
}

export const fullSettings: Settings = {
  runs: 3,
  timing: { warmUpMs: 1_500, windowMs: 4_000, drainMs: 30_000 },
  settleLimitMs: 12_000,
  busyChannel: {
    people: 1_000,
    rates: [1, 5, 50, 100, 200],
    savingRates: [100, 200],
    climb: [300, 500, 700, 1_000],
    middle: [30, 40, 50, 60, 75, 100, 200],
    breaking: [700, 1_000, 1_250, 1_500, 1_750, 2_000, 2_500, 3_000],
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
  connections: {
    loads: [
      { people: 50_000, heartbeatS: 15 },
      { people: 100_000, heartbeatS: 60 },
    ],
    peoplePerServer: 200,
    perGenerator: 10_000,
    arrivalLimitMs: 600_000,
    reconnectLimitMs: 120_000,
    settleLimitMs: 10_000,
  },
  start: { restMs: 5_000 },
};

/** A quick run checks that the benchmark works: every workload once and small. */
export const quickSettings: Settings = {
  runs: 1,
  timing: { warmUpMs: 500, windowMs: 1_000, drainMs: 20_000 },
  settleLimitMs: 1_000,
  busyChannel: {
    people: 100,
    rates: [50],
    savingRates: [50],
    climb: [],
    middle: [50],
    breaking: [50],
    slowWindowMs: 1_000,
  },
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
  connections: {
    loads: [{ people: 400, heartbeatS: 15 }],
    peoplePerServer: 50,
    perGenerator: 200,
    arrivalLimitMs: 60_000,
    reconnectLimitMs: 60_000,
    settleLimitMs: 1_000,
  },
  start: { restMs: 500 },
};
