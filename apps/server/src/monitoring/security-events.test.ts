import { beforeEach, describe, expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { SecurityEvents } from "./security-events.ts";

describe("security events", () => {
  let clock: ManualClock;
  let reports: [address: string, event: string][];
  let events: SecurityEvents;

  beforeEach(() => {
    clock = new ManualClock();
    reports = [];
    events = new SecurityEvents({ clock, report: (address, event) => reports.push([address, event]) });
  });

  const record = (times: number, address = "192.0.2.1") => {
    for (let i = 0; i < times; i += 1) events.record("auth_failure", address);
  };

  test("report a suspicious address at most once a minute", () => {
    record(19);
    expect(reports).toEqual([]);
    record(500);
    expect(reports).toEqual([["192.0.2.1", "auth_failure"]]);
    clock.advance(60_000);
    record(20);
    expect(reports).toHaveLength(2);
    expect(events.totals.auth_failure).toBe(539);
  });

  test("count the addresses that are suspicious now", () => {
    record(30, "192.0.2.1");
    record(30, "192.0.2.2");
    record(1, "192.0.2.3");
    expect(events.suspiciousClients).toBe(2);
    clock.advance(60_000);
    expect(events.suspiciousClients).toBe(0);
  });

  test("count an IPv6 /64 network as one, and list addresses latest first", () => {
    for (let i = 0; i < 20; i += 1) events.record("malformed", `2001:db8:1:2::${i}`);
    clock.advance(1_000);
    events.record("auth_failure", "192.0.2.1");
    events.record("token_reuse", "192.0.2.1");
    expect(events.recordsSince(0, 10)).toMatchObject([
      { address: "192.0.2.1", counts: { auth_failure: 1, token_reuse: 1 }, is_suspicious: false },
      { address: "2001:db8:1:2::/64", counts: { malformed: 20 }, is_suspicious: true },
    ]);
    expect(events.recordsSince(clock.now(), 10)).toHaveLength(1);
    expect(events.recordsSince(0, 1)).toHaveLength(1);
    clock.advance(25 * 3_600_000);
    events.record("forbidden", "192.0.2.1");
    expect(events.recordsSince(0, 1)).toMatchObject([{ counts: { forbidden: 1 } }]);
  });

  test("drop the oldest addresses above the limit", () => {
    record(30, "192.0.2.1");
    for (let i = 0; i < 20_000; i += 1) record(1, `address ${i}`);
    expect(events.suspiciousClients).toBe(0);
  });
});
