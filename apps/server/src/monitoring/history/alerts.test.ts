import type { MonitorAlert, MonitorSample } from "@miscord/protocol";
import { beforeEach, describe, expect, test } from "vitest";
import { Alerts, alertRules } from "./alerts.ts";
import { quietSample } from "./testing/quiet-sample.ts";

describe("alerts", () => {
  let alerts: Alerts;
  let changes: MonitorAlert[];
  let at: number;

  beforeEach(() => {
    changes = [];
    at = 1_767_225_600;
    const rules = alertRules({ maxConnections: 100 });
    alerts = new Alerts({ rules, past: [], onChanged: (alert) => changes.push(alert) });
  });

  function observe(times: number, figures: Partial<MonitorSample>): void {
    for (let i = 0; i < times; i += 1) alerts.observe(quietSample({ ...figures, at: (at += 5) }));
  }

  const raised = () => alerts.all.filter((alert) => alert.cleared_at === null).map(({ name }) => name);

  const troubles: [MonitorAlert["name"], Partial<MonitorSample>, times: number][] = [
    ["latency", { latency_p99: 0.3 }, 3],
    ["event_loop_lag", { event_loop_lag_p99: 0.2 }, 3],
    ["memory", { memory_percent: 90 }, 3],
    ["connections", { sockets: 91 }, 3],
    ["error_rate", { failures: 6, messages_received: 100 }, 3],
    ["circuit_breaker", { breaker_open: 1 }, 1],
  ];

  test.each(troubles)("%s is raised when %o lasts, and cleared afterwards", (name, figures, times) => {
    observe(times - 1, figures);
    expect(raised()).toEqual([]);
    observe(1, figures);
    expect(raised()).toEqual([name]);
    const raisedAt = new Date(at * 1_000).toISOString();
    observe(100, figures);
    expect(alerts.all).toHaveLength(1);
    observe(6, {});
    expect(alerts.all).toMatchObject([{ name, raised_at: raisedAt, cleared_at: expect.any(String) }]);
    expect(changes).toHaveLength(2);
  });

  test("do not flicker when the figure varies around the threshold", () => {
    for (let i = 0; i < 20; i += 1) {
      observe(3, { latency_p99: 0.26 });
      observe(3, { latency_p99: 0.24 });
    }
    expect(alerts.all).toHaveLength(1);
    expect(raised()).toEqual(["latency"]);
  });

  test("are not raised by a single sample or by a few failures among few commands", () => {
    for (let i = 0; i < 20; i += 1) {
      observe(1, { latency_p99: 3, failures: 2, messages_received: 3 });
      observe(2, {});
    }
    expect(alerts.all).toEqual([]);
  });

  test("are kept up to a maximum number", () => {
    for (let i = 0; i < 300; i += 1) {
      observe(1, { breaker_open: 1 });
      observe(1, {});
    }
    expect(alerts.all).toHaveLength(100);
    expect(alerts.all.at(-1)).toMatchObject({ cleared_at: new Date(at * 1_000).toISOString() });
  });
});
