import { beforeEach, describe, expect, it } from "vitest";
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

  it("report an address that stands out, once a minute however it goes on", () => {
    record(19);
    expect(reports).toEqual([]);
    record(500);
    expect(reports).toEqual([["192.0.2.1", "auth_failure"]]);
    clock.advance(60_000);
    record(20);
    expect(reports).toHaveLength(2);
    expect(events.totals.auth_failure).toBe(539);
  });

  it("count those that stand out now", () => {
    record(30, "192.0.2.1");
    record(30, "192.0.2.2");
    record(1, "192.0.2.3");
    expect(events.suspiciousClients).toBe(2);
    clock.advance(60_000);
    expect(events.suspiciousClients).toBe(0);
  });

  it("forget the oldest addresses when there are too many", () => {
    record(30, "192.0.2.1");
    for (let i = 0; i < 20_000; i += 1) record(1, `address ${i}`);
    expect(events.suspiciousClients).toBe(0);
  });
});
