import { expect, test } from "vitest";
import { Connection } from "./connection.ts";
import { dialects } from "./dialect.ts";
import { Ledger } from "./ledger.ts";

function reader(index: number): Connection {
  const options = {
    port: 1,
    sourceAddress: "127.0.0.2",
    path: "/",
    dialect: dialects.json,
    compression: false,
    sampled: true,
  };
  return new Connection(index, options, { event() {}, closed() {} }, { bytes: 0, frames: 0 });
}

function content(number: number): string {
  return `${Ledger.head(number)}and more`;
}

test("misses what a sampled reader did not get, and counts what came twice", () => {
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

test("leaves out messages that were due before the window or after it, but waits for those due in it", () => {
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

test("counts waiting from the time at which a message was due", () => {
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
