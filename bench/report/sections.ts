import { isHeld } from "../figures.ts";
import type { Entry, Results } from "./results.ts";
import { contestantsOf, figure, find, pointsOf, table, type Format } from "./table.ts";

const baseRates = [1, 5, 50, 100, 200];

export function busyChannelTables(results: Results): string {
  const rates = pointsOf(results).filter((rate) => baseRates.includes(rate));
  const head = (what: string): string[] => [what, ...rates.map((rate) => `${rate}/s`)];
  const rows = (cell: (entry: Entry | undefined) => string): string[][] =>
    contestantsOf(results).map(({ name, label }) => [label, ...rates.map((rate) => cell(find(results, name, rate)))]);
  const held = contestantsOf(results).map(({ name, label }) => {
    const rate = highestHeld(results, name);
    const entry = find(results, name, rate);
    return [
      label,
      rate === 0 ? "none" : `${rate}/s`,
      percent(entry),
      figure(entry, "p99Ms", { digits: 0, unit: " ms" }),
    ];
  });
  return [
    table(
      head("Server CPU per delivery, µs"),
      rows((entry) => figure(entry, "cpuUsPerDelivery", { digits: 2 })),
    ),
    table(head("Server, % of one core"), rows(percent)),
    table(
      head("Latency p50, ms"),
      rows((entry) => figure(entry, "p50Ms")),
    ),
    table(
      head("Latency p99, ms"),
      rows((entry) => figure(entry, "p99Ms", { digits: 0 })),
    ),
    table(["Highest rate held", "messages", "of one core", "p99"], held),
    ...limitTable(results, rates),
  ].join("\n\n");
}

/** What a delivery costs beside one write to one socket, which is what carries over to another machine. */
function limitTable(results: Results, rates: readonly number[]): string[] {
  const limitRate = highestHeld(results, "limit");
  const costOf = (name: string, rate: number) => find(results, name, rate)?.median["cpuUsPerDelivery"];
  const limit = costOf("limit", limitRate);
  if (limit === undefined) return [];
  const rows = contestantsOf(results).map(({ name, label }) => {
    const times = rates.map((rate) => costOf(name, rate)).map((cost) => (cost ? (cost / limit).toFixed(2) : "·"));
    return [label, ...times];
  });
  const head = `CPU per delivery, in those of the limit at ${limitRate}/s (${limit.toFixed(2)} µs)`;
  return [table([head, ...rates.map((rate) => `${rate}/s`)], rows)];
}

/** Cost and latency of the adaptive flush at each rate, beside those without batching. */
export function curveTable(curve: Results): string {
  const rows = pointsOf(curve).map((rate) => {
    const adaptive = find(curve, "miscord", rate);
    const unbatched = find(curve, "miscord-unbatched", rate);
    const cost = { digits: 2 };
    const framesPerMessage = figure(adaptive, "framesPerDelivery", { digits: 2 });
    const ours = ["cpuUsPerDelivery", "p50Ms", "p99Ms"].map((name, index) => figure(adaptive, name, index ? {} : cost));
    const theirs = ["cpuUsPerDelivery", "p99Ms"].map((name, index) => figure(unbatched, name, index ? {} : cost));
    return [String(rate), framesPerMessage, ...ours, ...theirs];
  });
  const head = [
    "messages/s",
    "frames per message",
    "µs per delivery",
    "p50, ms",
    "p99, ms",
    "batching off: µs",
    "p99, ms",
  ];
  return table(head, rows);
}

/** The highest measured rate that is held (see `isHeld`); 0 when none was. */
export function highestHeld(results: Results, contestant: string): number {
  const rates = pointsOf(results).filter((rate) => {
    const median = find(results, contestant, rate)?.median;
    return median && isHeld({ missing: 0, p99Ms: 0, deliveriesPerSecond: 0, offeredPerSecond: 0, ...median });
  });
  return rates.at(-1) ?? 0;
}

export function communityTable(results: Results): string {
  const rows = contestantsOf(results).map(({ name, label }) => {
    const entry = find(results, name);
    const bytes = figure(entry, "bytesPerDelivery", { digits: 0 });
    return [
      label,
      percent(entry),
      figure(entry, "p50Ms"),
      figure(entry, "p99Ms"),
      figure(entry, "eventsPerSecond", { digits: 0 }),
      bytes,
    ];
  });
  return table(["", "of one core", "p50, ms", "p99, ms", "events delivered/s", "bytes per message"], rows);
}

export function manyTable(results: Results): string {
  const rows = contestantsOf(results).map(({ name, label }) => {
    const entry = find(results, name);
    const seconds: Format = { scale: 1 / 1000, digits: 1 };
    return [
      label,
      figure(entry, "rssPerConnectionBytes", { scale: 1 / 1024 }),
      percent(entry),
      figure(entry, "p99Ms"),
      figure(entry, "openedMs", seconds),
      figure(entry, "allBackMs", seconds),
    ];
  });
  const head = [
    "",
    "memory per connection, KiB",
    "of one core at rest",
    "p99, ms",
    "all connected, s",
    "all back after a kill, s",
  ];
  return table(head, rows);
}

export function durableTable(results: Results): string {
  const hasBareLog = find(results, "bare-log") !== undefined;
  const rows = pointsOf(results).map((point) => {
    const entry = find(results, "miscord", point);
    return [
      String(point),
      figure(entry, "acksPerSecond", { digits: 0 }),
      figure(entry, "p50Ms", { digits: 2 }),
      figure(entry, "p99Ms"),
      percent(entry),
      figure(entry, "cpuUsPerSend", { digits: 0 }),
      ...(hasBareLog ? besideBareLog(results, point) : []),
    ];
  });
  const head = ["senders", "acknowledged/s", "ack p50, ms", "ack p99, ms", "of one core", "CPU per send, µs"];
  return table([...head, ...(hasBareLog ? ["the bare log, committed/s", "share of it"] : [])], rows);
}

function besideBareLog(results: Results, point: number): string[] {
  const bare = find(results, "bare-log", point);
  const share = durableShare(results, point);
  return [figure(bare, "acksPerSecond", { digits: 0 }), share === undefined ? "·" : share.toFixed(2)];
}

/** Acknowledged messages of the server, as a share of what its log commits without it. */
export function durableShare(results: Results | null, senders: number): number | undefined {
  const bare = find(results, "bare-log", senders)?.median["acksPerSecond"];
  const ours = find(results, "miscord", senders)?.median["acksPerSecond"];
  return bare && ours ? ours / bare : undefined;
}

const wireContestants = ["miscord", "miscord-deflate", "miscord-unbatched", "miscord-unbatched-deflate"];

/** W5, computed from W1 at 100 and 200 messages/s and from W2. */
export function wireTable(busy: Results, community: Results | null): string {
  const all = contestantsOf(busy).filter(({ name }) => wireContestants.includes(name));
  const bytes = (entry: Entry | undefined): string => figure(entry, "bytesPerDelivery", { digits: 0 });
  const rows = all.map(({ name, label }) => {
    const at100 = find(busy, name, 100);
    const at200 = find(busy, name, 200);
    return [
      label,
      bytes(at100),
      bytes(at200),
      bytes(find(community, name)),
      figure(at200, "cpuUsPerDelivery", { digits: 2 }),
    ];
  });
  const head = ["", "W1 100/s, bytes per message", "W1 200/s", "W2", "CPU per delivery at W1 200/s, µs"];
  return table(head, rows);
}

function percent(entry: Entry | undefined): string {
  return figure(entry, "cpuShare", { scale: 100, digits: 0, unit: " %" });
}
