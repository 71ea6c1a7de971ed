import type { ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import type { ToUnit } from "./messages.ts";
import { UnitProcess } from "./unit-process.ts";

/** A process in memory. It ends when it is killed. */
class FakeChild extends EventEmitter {
  readonly pid = 1;
  readonly connected = true;
  isKilled = false;
  readonly sent: ToUnit[] = [];

  send(message: ToUnit): void {
    this.sent.push(message);
  }

  kill(): void {
    this.isKilled = true;
    this.emit("exit", null, "SIGKILL");
  }

  isReady(): void {
    this.emit("message", { kind: "ready", port: 1 });
  }
}

let clock: ManualClock;
let children: FakeChild[];
let failures: string[];
let usable: boolean[];
let unit: UnitProcess;

beforeEach(() => {
  clock = new ManualClock();
  children = [];
  failures = [];
  usable = [];
  unit = new UnitProcess({
    clock,
    unit: () => Promise.resolve({ port: 0, addresses: [], turnedPort: null }),
    fork: () => {
      const child = new FakeChild();
      children.push(child);
      return child as unknown as ChildProcess;
    },
    onReady() {},
    onMessage() {},
    onUsable: (isUsable) => usable.push(isUsable),
    onFailure: (reason) => failures.push(reason),
  });
  unit.start();
});
afterEach(() => unit.stop());

async function pass(ms: number): Promise<void> {
  clock.advance(ms);
  await setImmediate();
}

test("a process that hangs at its start is replaced, and counts as unusable when that goes on", async () => {
  await pass(9_999);
  expect(children.map(({ isKilled }) => isKilled)).toEqual([false]);
  await pass(1);
  expect(failures).toEqual(["the forwarding process was not ready in time"]);
  await pass(0);
  expect(children.map(({ isKilled }) => isKilled)).toEqual([true, false]);
  for (let turn = 0; turn < 16; turn += 1) await pass(10_000);
  expect(usable).toEqual([false]);
  children.at(-1)!.isReady();
  expect(usable).toEqual([false, true]);
});

test("another process waits while one works, takes its place at once when it dies, and ends with the server", async () => {
  await pass(0);
  children[0]!.isReady();
  await pass(5_000);
  expect(children.map(({ sent }) => sent.map(({ kind }) => kind))).toEqual([["start"], []]);
  children[0]!.kill();
  await pass(0);
  expect(children).toHaveLength(2);
  expect(children[1]!.sent.map(({ kind }) => kind)).toEqual(["start"]);
  children[1]!.isReady();
  await pass(5_000);
  expect(children).toHaveLength(3);
  // One that ends while it waits does not count.
  children[2]!.kill();
  expect(failures).toHaveLength(1);
  children[1]!.kill();
  await pass(1_000);
  children[3]!.isReady();
  await pass(5_000);
  unit.stop();
  expect(children.map(({ isKilled }) => isKilled)).toEqual(Array.from({ length: 5 }, () => true));
});

test("a process that is ready may take as long as it likes afterwards", async () => {
  await pass(5_000);
  children[0]!.isReady();
  await pass(60_000);
  expect(children[0]!.isKilled).toBe(false);
  expect(failures).toEqual([]);
});

test("what a process said before it was stopped starts no other one", async () => {
  const before = children.length;
  unit.stop();
  children[0]!.isReady();
  await pass(60_000);
  expect(children).toHaveLength(before);
});
