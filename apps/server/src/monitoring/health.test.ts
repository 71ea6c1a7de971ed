import type { BreakerState } from "@miscord/protocol";
import { describe, expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { HealthCheck, reused } from "./health.ts";

describe("health", () => {
  const works = () => Promise.resolve();
  const fails = () => Promise.reject(new Error("down"));

  function check(database: () => Promise<void>, state: BreakerState = "closed") {
    const clock = new ManualClock();
    return { clock, health: new HealthCheck({ clock, dependencies: { database, bus: works }, breaker: { state } }) };
  }

  test("is healthy when every dependency answers", async () => {
    expect(await check(works).health.check()).toEqual({
      status: "healthy",
      checks: { database: "ok", bus: "ok", circuit_breaker: "closed" },
    });
  });

  test("names the failing dependency", async () => {
    expect(await check(fails).health.check()).toMatchObject({
      status: "unhealthy",
      checks: { database: "failing", bus: "ok" },
    });
  });

  test("is unhealthy while the breaker is not closed", async () => {
    expect(await check(works, "half_open").health.check()).toMatchObject({ status: "unhealthy" });
  });

  test("counts a dependency without an answer as failing after a timeout", async () => {
    const { clock, health } = check(() => new Promise(() => {}));
    const answer = health.check();
    clock.advance(5_000);
    expect(await answer).toMatchObject({ checks: { database: "failing" } });
    expect(clock.pending).toBe(0);
  });

  test("checks dependencies at most once a second", async () => {
    let asked = 0;
    const { clock, health } = check(() => {
      asked += 1;
      return Promise.resolve();
    });
    await Promise.all(Array.from({ length: 10 }, () => health.check()));
    expect(asked).toBe(1);
    clock.advance(1_000);
    await health.check();
    expect(asked).toBe(2);
  });
});

describe("a check whose result is reused", () => {
  test("runs once in 30 s while it succeeds, and every 5 s while it fails", async () => {
    const clock = new ManualClock();
    let runs = 0;
    let isUp = true;
    const check = reused(clock, () => {
      runs += 1;
      return isUp ? Promise.resolve() : Promise.reject(new Error("down"));
    });
    for (let i = 0; i < 3; i += 1) await check();
    clock.advance(29_999);
    await check();
    expect(runs).toBe(1);
    isUp = false;
    clock.advance(1);
    for (let i = 0; i < 3; i += 1) await expect(check()).rejects.toThrow("down");
    expect(runs).toBe(2);
    isUp = true;
    clock.advance(5_000);
    await check();
    expect(runs).toBe(3);
  });

  test("does not run again while it hangs", async () => {
    const clock = new ManualClock();
    let runs = 0;
    const hanging = Promise.withResolvers<void>();
    const check = reused(clock, () => {
      runs += 1;
      return hanging.promise;
    });
    const first = check();
    clock.advance(120_000);
    const second = check();
    expect(runs).toBe(1);
    hanging.resolve();
    await Promise.all([first, second]);
  });
});
