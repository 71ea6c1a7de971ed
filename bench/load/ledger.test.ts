import { expect, test } from "vitest";
import { Connection } from "./connection.ts";
import { wireFormats } from "./wire-format.ts";
import { Ledger } from "./ledger.ts";

function reader(index: number): Connection {
  const options = {
    port: 1,
    sourceAddress: "127.0.0.2",
    path: "/",
    format: wireFormats.json,
    compression: false,
    sampled: true,
  };
  return new Connection(index, options, { event() {}, closed() {} }, { bytes: 0, frames: 0 });
}

function content(number: number): string {
  return `${Ledger.head(number)}and more`;
}

test("the ledger counts messages missing or received twice on sampled connections", () => {
  const ledger = new Ledger();
  const [first, second] = [reader(0), reader(1)];
  ledger.sampledIn.set(7, 2);
  ledger.openWindow();
  const number = ledger.due(7, performance.now());
  ledger.arrived(first, content(number), performance.now());
  ledger.arrived(first, content(number), performance.now());
  expect(ledger.report()).toMatchObject({ expected: 2, missing: 1, duplicates: 1 });
  ledger.arrived(second, content(number), performance.now());
  expect(ledger.isComplete).toBe(true);
});

test("the ledger expects only messages that were due within the window", () => {
  const ledger = new Ledger();
  const only = reader(0);
  ledger.sampledIn.set(7, 1);
  const before = ledger.due(7, 0);
  ledger.openWindow();
  const within = ledger.due(7, 0);
  ledger.closeWindow();
  const after = ledger.due(7, 0);
  for (const number of [before, after]) ledger.arrived(only, content(number), performance.now());
  expect(ledger.report()).toMatchObject({ messages: 1, expected: 1, missing: 1 });
  ledger.arrived(only, content(within), performance.now());
  expect(ledger.report().missing).toBe(0);
});

test("the ledger measures latency from the time at which a message was due", () => {
  const ledger = new Ledger();
  ledger.sampledIn.set(7, 1);
  ledger.openWindow();
  const dueAt = performance.now() - 100;
  const number = ledger.due(7, dueAt);
  ledger.arrived(reader(0), content(number), dueAt + 130);
  const { latencyMs, latencyFromSendMs } = ledger.report();
  expect(latencyMs.max).toBeCloseTo(130, 6);
  expect(latencyFromSendMs.max).toBeLessThan(130);
});
