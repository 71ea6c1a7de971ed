import { expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { Readiness } from "./readiness.ts";

test("a node is ready from the end of its start until it drains or fails", async () => {
  const readiness = new Readiness(new ManualClock());
  expect(readiness.ask()).toBe("starting");
  readiness.started();
  expect(readiness.ask()).toBe("ready");
  readiness.failed();
  expect(readiness.ask()).toBe("failed");
  readiness.started();
  expect(readiness.ask()).toBe("failed");
  const drained = readiness.drain();
  readiness.failed();
  expect(readiness.ask()).toBe("draining");
  await drained;
});

test("a node that no load balancer has asked for ten seconds drains without waiting", async () => {
  const clock = new ManualClock();
  const readiness = new Readiness(clock);
  readiness.started();
  readiness.ask();
  clock.advance(10_001);
  await readiness.drain();
  expect(clock.pending).toBe(0);
});

test("a node that a load balancer asks drains until the balancer has its answer, for three seconds at most", async () => {
  const clock = new ManualClock();
  for (const answer of [(readiness: Readiness) => readiness.ask(), () => clock.advance(3_000)]) {
    const readiness = new Readiness(clock);
    readiness.ask();
    let isDrained = false;
    const drained = readiness.drain().then(() => (isDrained = true));
    clock.advance(2_999);
    await Promise.resolve();
    expect(isDrained).toBe(false);
    answer(readiness);
    await drained;
    expect(clock.pending).toBe(0);
  }
});
