import type { Timing } from "./measure.ts";

/** How much of each workload is done. */
export interface Settings {
  runs: number;
  timing: Timing;
  /** How long the stir of everyone's arrival may last before the measurements begin. */
  settleLimitMs: number;
  busyChannel: { people: number; rates: readonly number[]; climb: readonly number[]; slowWindowMs: number };
  community: { people: number; channels: number; messagesPerChannel: number; presenceShare: number; warmUpMs: number };
  many: { people: number; channels: number; outageMs: number; comebackLimitMs: number; oursOnly: boolean };
  durable: { senders: readonly number[] };
}

export const fullSettings: Settings = {
  runs: 3,
  timing: { warmUpMs: 3_000, windowMs: 8_000, drainMs: 30_000 },
  settleLimitMs: 30_000,
  busyChannel: {
    people: 1_000,
    rates: [1, 5, 50, 100, 200],
    climb: [300, 400, 500, 600, 700, 800, 1_000],
    slowWindowMs: 15_000,
  },
  community: { people: 1_000, channels: 50, messagesPerChannel: 5, presenceShare: 0.02, warmUpMs: 10_000 },
  many: { people: 10_000, channels: 50, outageMs: 2_000, comebackLimitMs: 120_000, oursOnly: false },
  durable: { senders: [1, 10, 100, 1_000] },
};

/** Whether it works, not how fast it is: everything in small, once. */
export const quickSettings: Settings = {
  runs: 1,
  timing: { warmUpMs: 500, windowMs: 1_000, drainMs: 20_000 },
  settleLimitMs: 1_000,
  busyChannel: { people: 100, rates: [50], climb: [], slowWindowMs: 1_000 },
  community: { people: 100, channels: 5, messagesPerChannel: 5, presenceShare: 0.02, warmUpMs: 500 },
  many: { people: 200, channels: 5, outageMs: 100, comebackLimitMs: 60_000, oursOnly: true },
  durable: { senders: [1, 20] },
};
