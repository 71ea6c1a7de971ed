import type { ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { testConfig } from "../testing/test-server.ts";
import { cpuTimeMs } from "./cpu-time.ts";
import { idle } from "./offers.ts";
import { WorkerProcess, type ProcessEnd } from "./worker-process.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] }));
afterEach(() => void vi.useRealTimers());

/** A process that answers that it serves, and pings for as long as it `answers`. */
class FakeChild extends EventEmitter {
  readonly pid = 4711;
  connected = true;
  answers = true;

  send(items: readonly { call: string; id: number }[], sent: () => void): void {
    sent();
    for (const { call, id } of items) {
      if (call === "ping" && !this.answers) continue;
      this.emit("message", [{ answer: id, value: { deliveriesPerSecond: 0 } }]);
    }
  }

  kill(): void {
    this.emit("exit", null, "SIGKILL");
  }
}

/** A worker that stops answering; its process then gets `cpuMsASecond`. Resolves with the pings that it misses, at most 100. */
async function missesUntilKilled(cpuMsASecond: number | null): Promise<{ missed: number; killed: string | undefined }> {
  const child = new FakeChild();
  let cpuMs = 5_000;
  const worker = new WorkerProcess(child as unknown as ChildProcess, () => (cpuMsASecond === null ? null : cpuMs));
  const ends: ProcessEnd[] = [];
  void worker.exited.then((end) => ends.push(end));
  const assignment = { number: 1, config: testConfig(), epoch: null, issuesClaim: false };
  await worker.start(assignment, () => idle);
  const second = async () => {
    cpuMs += cpuMsASecond ?? 0;
    await vi.advanceTimersByTimeAsync(1_000);
    // A link sends in the next turn of the event loop.
    for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  // While it answers, its work does not count.
  for (let count = 0; count < 20; count += 1) await second();
  child.answers = false;
  let missed = 0;
  for (; ends.length === 0 && missed < 100; missed += 1) await second();
  worker.kill();
  return { missed: missed - 1, killed: ends[0]?.killed };
}

test("a worker that stands still, or is in a loop, or of which nothing is known, is killed after ten pings", async () => {
  const killed = "it missed 10 pings";
  expect(await missesUntilKilled(0)).toEqual({ missed: 10, killed });
  expect(await missesUntilKilled(null)).toEqual({ missed: 10, killed });
  expect(await missesUntilKilled(1_000)).toEqual({ missed: 10, killed });
  expect(await missesUntilKilled(600)).toEqual({ missed: 10, killed });
});

test("a worker that works but gets little of the CPU has a minute", async () => {
  const killed = "it missed 60 pings";
  expect(await missesUntilKilled(10)).toEqual({ missed: 60, killed });
  expect(await missesUntilKilled(400)).toEqual({ missed: 60, killed });
});

test("the CPU time of a process is that which it says itself, and that of a process that is gone is unknown", () => {
  vi.useRealTimers();
  const until = performance.now() + 200;
  while (performance.now() < until);
  const { user, system } = process.cpuUsage();
  expect(Math.abs(cpuTimeMs(process.pid)! - (user + system) / 1_000)).toBeLessThan(100);
  expect(cpuTimeMs(2 ** 30)).toBeNull();
});
