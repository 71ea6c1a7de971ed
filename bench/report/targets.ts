import type { Results } from "./results.ts";
import { highestHeld } from "./sections.ts";
import { find, table } from "./table.ts";

export interface AllResults {
  busy: Results | null;
  community: Results | null;
  many: Results | null;
  durable: Results | null;
  curve: Results | null;
  middle: Results | null;
  breaking: Results | null;
  connections: Results | null;
  start: Results | null;
}

interface Target {
  what: string;
  wanted: string;
  /** Returns null when the target was not measured. */
  measured: (results: AllResults) => { text: string; isMet: boolean } | null;
}

const peerNames = ["socket.io", "ws-each", "ws-shared"];

/** The project's performance targets, compared with the medians. */
const targets: readonly Target[] = [
  costTarget(100, 2.0),
  costTarget(200, 1.2),
  ...[100, 200].flatMap((rate) => peerNames.map((peer) => ratioTarget(peer, rate))),
  busyTarget("W1, 200/s: p99", 200, "p99Ms", 80, "ms"),
  busyTarget("W1, 200/s: share of one core, storage included", 200, "cpuShare", 40, "%"),
  busyTarget("W1, 5/s: p50", 5, "p50Ms", 8, "ms"),
  busyTarget("W1, 5/s: p99", 5, "p99Ms", 25, "ms"),
  // The goals of the cost in the middle, in the place of 15 and 40 ms.
  busyTarget("W1, 50/s: p50", 50, "p50Ms", 22, "ms"),
  busyTarget("W1, 50/s: p99", 50, "p99Ms", 50, "ms"),
  {
    what: "W1: highest rate with p99 under 100 ms",
    wanted: "500/s or more",
    measured({ busy }) {
      const rate = busy ? highestHeld(busy, "miscord") : 0;
      return rate === 0 ? null : { text: `${rate}/s`, isMet: rate >= 500 };
    },
  },
  atMost("W2: share of one core", ({ community }) => find(community, "miscord")?.median["cpuShare"], 30, "%"),
  atMost("W2: p99", ({ community }) => find(community, "miscord")?.median["p99Ms"], 50, "ms"),
  atMost("W3: memory per connection", ({ many }) => find(many, "miscord")?.median["rssPerConnectionBytes"], 25, "KiB"),
  atMost("W3: share of one core at rest", ({ many }) => find(many, "miscord")?.median["cpuShare"], 10, "%"),
  atMost("W3: all back after a kill", ({ many }) => find(many, "miscord")?.median["allBackMs"], 30, "s"),
  {
    what: "W4, 1000 senders: durable sends",
    wanted: "10,000/s or more",
    measured({ durable }) {
      const rate = find(durable, "miscord", 1_000)?.median["acksPerSecond"];
      return rate === undefined ? null : { text: `${Math.round(rate)}/s`, isMet: rate >= 10_000 };
    },
  },
  atMost("W4, one sender: ack p50", ({ durable }) => find(durable, "miscord", 1)?.median["p50Ms"], 3, "ms"),
  savingTarget(
    "W5: bytes that compression saves in W1 at 200/s",
    "miscord-deflate",
    "miscord",
    "bytesPerDelivery",
    200,
    70,
  ),
  {
    what: "W5: CPU with compression, against without, W1 at 200/s",
    wanted: "at most 1.3 times",
    measured({ busy }) {
      const cost = costOf(busy, "miscord-deflate", 200);
      const plain = costOf(busy, "miscord", 200);
      return cost && plain ? { text: `${(cost / plain).toFixed(2)} times`, isMet: cost / plain <= 1.3 } : null;
    },
  },
  savingTarget("Load that batching saves, W1 at 100/s", "miscord", "miscord-unbatched", "cpuUsPerDelivery", 100, 75),
  savingTarget("Load that batching saves, W1 at 200/s", "miscord", "miscord-unbatched", "cpuUsPerDelivery", 200, 85),
];

export function targetTable(results: AllResults): string {
  const rows = targets.map(({ what, wanted, measured }) => {
    const outcome = measured(results);
    if (!outcome) return [what, wanted, "not measured", ""];
    return [what, wanted, outcome.text, outcome.isMet ? "met" : "**missed**"];
  });
  return table(["What", "Target", "Measured", ""], rows);
}

const units: Readonly<Record<string, number>> = { ms: 1, µs: 1, "%": 100, KiB: 1 / 1024, s: 1 / 1000 };

function atMost(what: string, value: (results: AllResults) => number | undefined, limit: number, unit: string): Target {
  return {
    what,
    wanted: `at most ${limit} ${unit}`,
    measured(results) {
      const raw = value(results);
      if (raw === undefined) return null;
      const measured = raw * (units[unit] ?? 1);
      return { text: `${Number(measured.toPrecision(3))} ${unit}`, isMet: measured <= limit };
    },
  };
}

function busyTarget(what: string, rate: number, name: string, limit: number, unit: string): Target {
  return atMost(what, ({ busy }) => find(busy, "miscord", rate)?.median[name], limit, unit);
}

function costTarget(rate: number, limit: number): Target {
  return busyTarget(`W1, ${rate}/s: server CPU per delivery`, rate, "cpuUsPerDelivery", limit, "µs");
}

/** Miscord's cost relative to a peer's, at the highest rate that the peer holds. */
function ratioTarget(peer: string, ourRate: number): Target {
  return {
    what: `W1, ${ourRate}/s: CPU per delivery, against ${peer} at the highest rate it holds`,
    wanted: "at most 1/5",
    measured({ busy }) {
      if (!busy) return null;
      const rate = highestHeld(busy, peer);
      const ours = costOf(busy, "miscord", ourRate);
      const theirs = costOf(busy, peer, rate);
      if (!ours || !theirs) return null;
      return { text: `1/${(theirs / ours).toFixed(1)} (at ${rate}/s)`, isMet: ours * 5 <= theirs };
    },
  };
}

function savingTarget(what: string, better: string, worse: string, name: string, rate: number, least: number): Target {
  return {
    what,
    wanted: `${least} % or more`,
    measured({ busy }) {
      const low = find(busy, better, rate)?.median[name];
      const high = find(busy, worse, rate)?.median[name];
      if (!low || !high) return null;
      const saved = (1 - low / high) * 100;
      return { text: `${saved.toFixed(0)} %`, isMet: saved >= least };
    },
  };
}

function costOf(busy: Results | null, contestant: string, rate: number): number | undefined {
  return find(busy, contestant, rate)?.median["cpuUsPerDelivery"];
}
