import { expect, test } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import { reacting, sending } from "../conformance/commands.ts";
import { CommitPace } from "./commit-pace.ts";

function paced(flushIntervalMs = () => 0) {
  const clock = new ManualClock();
  return { clock, pace: new CommitPace({ clock, maxIntervalMs: 25, flushIntervalMs }) };
}

/** Counts `perSecond` messages a second for three seconds, by `people` senders in turn. */
function write(
  { clock, pace }: ReturnType<typeof paced>,
  { people, perSecond }: { people: number; perSecond: number },
) {
  for (let index = 0; index < 3 * perSecond; index += 1) {
    pace.count(sending(1, index % people));
    clock.advance(1_000 / perSecond);
  }
}

test("the interval is 0 with few senders per second", () => {
  const world = paced();
  expect(world.pace.intervalMs()).toBe(0);
  write(world, { people: 1_000, perSecond: 50 });
  expect(world.pace.intervalMs()).toBe(0);
});

test("the interval grows with the number of senders up to its maximum", () => {
  const some = paced();
  write(some, { people: 1_000, perSecond: 120 });
  const many = paced();
  write(many, { people: 1_000, perSecond: 150 });
  const most = paced();
  write(most, { people: 1_000, perSecond: 1_000 });
  expect(some.pace.intervalMs()).toBeGreaterThan(0);
  expect(many.pace.intervalMs()).toBeGreaterThan(some.pace.intervalMs());
  expect(most.pace.intervalMs()).toBe(25);
});

test("the interval is 0 for few senders with many messages", () => {
  const world = paced();
  write(world, { people: 20, perSecond: 5_000 });
  expect(world.pace.intervalMs()).toBe(0);
});

test("the interval is 0 again after the senders stop", () => {
  const world = paced();
  write(world, { people: 1_000, perSecond: 1_000 });
  world.clock.advance(2_000);
  expect(world.pace.intervalMs()).toBe(0);
});

test("the interval is at least the flush interval with many senders, and 0 with few", () => {
  const few = paced(() => 40);
  write(few, { people: 50, perSecond: 500 });
  expect(few.pace.intervalMs()).toBe(0);
  const many = paced(() => 40);
  write(many, { people: 1_000, perSecond: 100 });
  expect(many.pace.intervalMs()).toBe(40);
});

test("users who react count as senders", () => {
  const world = paced();
  for (let index = 0; index < 1_000; index += 1) world.pace.count(reacting(1, index, "👍"));
  expect(world.pace.intervalMs()).toBe(25);
});

test("senders of other nodes on the core count, and what several nodes commit waits half as long and counts nothing for delivery", () => {
  const clock = new ManualClock();
  const ofCore = (own: number, all: number) => Math.max(own, all);
  const world = { clock, pace: new CommitPace({ clock, maxIntervalMs: 25, flushIntervalMs: () => 50, ofCore }) };
  write(world, { people: 1_000, perSecond: 50 });
  expect(world.pace.intervalMs()).toBe(0);
  Object.assign(world.pace, { elsewherePerSecond: 50, othersCommit: true });
  expect(world.pace.intervalMs()).toBe(25);
  expect(world.pace.gatheredMs()).toBe(0);
  Object.assign(world.pace, { elsewherePerSecond: 0, othersCommit: false });
  write(world, { people: 1_000, perSecond: 100 });
  expect([world.pace.intervalMs(), world.pace.gatheredMs()]).toEqual([50, 50]);
});
