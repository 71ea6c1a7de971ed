import type { ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import { UnitProcess } from "./unit-process.ts";

/** A process in memory. It ends when it is killed. */
class FakeChild extends EventEmitter {
  readonly pid = 1;
  readonly connected = true;
  isKilled = false;

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
    unit: () => Promise.resolve({ port: 0, addresses: [] }),
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

test("a process that is ready may take as long as it likes afterwards", async () => {
  await pass(5_000);
  children[0]!.isReady();
  await pass(60_000);
  expect(children.map(({ isKilled }) => isKilled)).toEqual([false]);
  expect(failures).toEqual([]);
});
