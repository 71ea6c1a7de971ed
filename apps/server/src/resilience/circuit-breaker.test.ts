import type { BreakerState } from "@miscord/protocol";
import { beforeEach, describe, expect, test } from "vitest";
import { AppError, OverloadError } from "../errors.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";

const settings = { failureThreshold: 10, failureWindowMs: 60_000, recoveryTimeoutMs: 120_000 };

describe("the circuit breaker", () => {
  let clock: ManualClock;
  let breaker: CircuitBreaker;
  let states: BreakerState[];
  let works: boolean;
  let probes: number;

  beforeEach(() => {
    clock = new ManualClock();
    states = [];
    works = false;
    probes = 0;
    breaker = new CircuitBreaker({
      settings,
      clock,
      probe: () => {
        probes += 1;
        return works ? Promise.resolve() : Promise.reject(new Error("still down"));
      },
    });
    breaker.onChanged((state) => states.push(state));
  });

  const fail = () => breaker.write(() => Promise.reject(new Error("disk full"))).catch((error: unknown) => error);
  const failTimes = async (times: number) => {
    for (let i = 0; i < times; i += 1) await fail();
  };
  const settle = () => new Promise(setImmediate);

  test("passes everything while closed, and reports failures as unavailable", async () => {
    await expect(breaker.write(() => Promise.resolve(1))).resolves.toBe(1);
    expect(await fail()).toMatchObject({ code: "unavailable" });
    expect(breaker.state).toBe("closed");
  });

  test("opens at the threshold within the window and then refuses writes without trying them", async () => {
    await failTimes(10);
    expect(states).toEqual(["open"]);
    let tried = false;
    clock.advance(20_000);
    const write = breaker.write(() => Promise.resolve((tried = true)));
    await expect(write).rejects.toMatchObject({ code: "unavailable", retryAfterMs: 100_000 });
    expect(tried).toBe(false);
  });

  test("does not open for work that is refused because there is too much of it", async () => {
    const overloaded = () => breaker.watch(() => Promise.reject(new OverloadError()));
    for (let i = 0; i < 30; i += 1) await expect(overloaded()).rejects.toMatchObject({ code: "unavailable" });
    expect(states).toEqual([]);
  });

  test("still tries reads while open", async () => {
    await failTimes(10);
    await expect(breaker.watch(() => Promise.resolve("read"))).resolves.toBe("read");
  });

  test("does not open for failures spread over more than the window", async () => {
    for (let i = 0; i < 30; i += 1) {
      await fail();
      clock.advance(6_700);
    }
    expect(breaker.state).toBe("closed");
  });

  test("does not count errors caused by clients", async () => {
    for (let i = 0; i < 30; i += 1) {
      const refused = breaker.write(() => Promise.reject(new AppError("forbidden", "no")));
      await expect(refused).rejects.toMatchObject({ code: "forbidden" });
    }
    expect(breaker.state).toBe("closed");
  });

  test("probes after each recovery time and closes when a probe succeeds", async () => {
    await failTimes(10);
    clock.advance(119_999);
    expect(probes).toBe(0);
    clock.advance(1);
    expect(breaker.state).toBe("half_open");
    await settle();
    expect(breaker.state).toBe("open");
    works = true;
    clock.advance(120_000);
    await settle();
    expect(states).toEqual(["open", "half_open", "open", "half_open", "closed"]);
    await expect(breaker.write(() => Promise.resolve(1))).resolves.toBe(1);
  });

  test("probes at once when a dependency says that it works again", async () => {
    breaker.probeNow();
    expect(probes).toBe(0);
    await failTimes(10);
    breaker.probeNow();
    await settle();
    expect(states).toEqual(["open", "half_open", "open"]);
    works = true;
    breaker.probeNow();
    await settle();
    expect(breaker.state).toBe("closed");
    clock.advance(120_000);
    await settle();
    expect(probes).toBe(2);
  });

  test("restarts counting once closed", async () => {
    works = true;
    await failTimes(10);
    clock.advance(120_000);
    await settle();
    await failTimes(9);
    expect(breaker.state).toBe("closed");
  });
});
