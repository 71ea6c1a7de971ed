import type { Departed } from "@miscord/analysis";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { instanceValues } from "./series.ts";
import { Community, startOfTime, type Fault } from "./testing/community.ts";
import { leakFault, leaks, suddenFaults } from "./testing/faults.ts";
import { learnDays, newWatch, type Learned } from "./testing/learned-watch.ts";

// Ten weeks of minutes are replayed.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const daySeconds = 86_400;
let learned: Learned;
beforeAll(() => {
  learned = learnDays(14, 2);
});

interface Noticed {
  /** Minutes from the start of the fault to the report, the minute of the report included. */
  readonly afterMinutes: number;
  readonly first: string;
}

interface Injection {
  readonly seed: number;
  readonly hour: number;
  readonly lastsMinutes: number;
  readonly fault: Fault;
}

/** Replays the next day up to the fault and through it. Null when nothing was noticed, or something before the fault. */
function notice({ seed, hour, lastsMinutes, fault }: Injection): Noticed | null {
  const watch = newWatch(learned.state);
  const community = new Community(seed);
  const from = learned.until + Math.round(hour * 60) * 60;
  let afterMinutes: number | null = null;
  let latest: readonly Departed[] = [];
  for (let at = learned.until; at < from + lastsMinutes * 60; at += 60) {
    const since = Math.round((at - from) / 60);
    const usual = community.minute(at);
    const found = watch.observe(at, instanceValues([since < 0 ? usual : { ...usual, ...fault(usual, since) }]));
    if (found.length > 0 && since < 0) return null;
    if (found.length > 0) afterMinutes ??= since + 1;
    if (afterMinutes !== null && since > afterMinutes + 5) break;
    if (found.length > 0) latest = found;
  }
  return afterMinutes === null ? null : { afterMinutes, first: latest[0]!.departures[0]!.series };
}

describe("thirty faults of a community that has run for two weeks", () => {
  test("at least 18 of 20 spikes, level shifts, silences and broken rhythms are reported within five minutes, and 20 of 30 with the right first cause", () => {
    const sudden = suddenFaults.map((each, index) => ({ ...each, noticed: notice({ ...each, seed: 100 + index }) }));
    const creeping = leaks.map((leak, index) => {
      const quarter = (leak.hours * 60) / 4;
      const part = { seed: 200 + index, hour: leak.hour, lastsMinutes: Math.ceil(quarter), fault: leakFault(leak) };
      return { ...leak, noticed: notice(part) };
    });
    const inTime = sudden.filter(({ noticed }) => noticed !== null && noticed.afterMinutes <= 5);
    const named = [...sudden, ...creeping].filter(({ noticed, first }) => noticed && first.includes(noticed.first));
    expect([sudden.length, creeping.length]).toEqual([20, 10]);
    expect(inTime.length, late(sudden)).toBeGreaterThanOrEqual(18);
    // A leak was only replayed until it had used a quarter of the headroom.
    expect(creeping.filter(({ noticed }) => noticed !== null).length, late(creeping)).toBeGreaterThanOrEqual(9);
    expect(named.length).toBeGreaterThanOrEqual(20);
  });
});

test("four quiet weeks of a growing community have at most one incident", () => {
  const watch = newWatch(learned.state);
  const community = new Community(3);
  const found = new Set<string>();
  for (let at = learned.until; at < learned.until + 28 * daySeconds; at += 60) {
    for (const { id } of watch.observe(at, instanceValues([community.minute(at)]))) found.add(id);
  }
  expect(found.size).toBeLessThanOrEqual(1);
});

test("a job of every quarter of an hour is usual, and missed the first time that it does not come", () => {
  const watch = newWatch();
  const community = new Community(7);
  const jobAt = 7;
  const days = 9;
  const found = new Map<string, Departed>();
  let noticedAt: number | null = null;
  const from = startOfTime + days * daySeconds + 14 * 3_600;
  for (let at = startOfTime; at < from + 30 * 60; at += 60) {
    const minute = community.minute(at);
    const hasJob = at < from && Math.floor(at / 60) % 15 === jobAt;
    const job = { requests: minute.requests + 3_000, bytes_sent: minute.bytes_sent + 400e6 };
    for (const departed of watch.observe(at, instanceValues([hasJob ? { ...minute, ...job } : minute]))) {
      noticedAt ??= at;
      found.set(departed.id, departed);
    }
  }
  expect(
    [...found.values()].map(({ departures }) => departures.map(({ series, kind }) => `${series} ${kind}`)),
  ).toEqual([["requests rhythm", "bytes_sent rhythm"]]);
  // Within two minutes of the one that is missing.
  expect(noticedAt! - from).toBeLessThanOrEqual((jobAt + 2) * 60);
});

function late(faults: readonly { name: string; noticed: Noticed | null }[]): string {
  return faults
    .map(({ name, noticed }) => `${name}: ${noticed ? `${noticed.afterMinutes} min` : "not noticed"}`)
    .join("; ");
}
