import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { testConfig } from "../testing/test-server.ts";
import { idle } from "./offers.ts";
import { Supervisor } from "./supervisor.ts";

/** A start of a process takes seconds on a busy machine. */
vi.setConfig({ testTimeout: 90_000 });

type Life = "none" | "brief" | "long";

const script = fileURLToPath(new URL("./testing/brief-worker.ts", import.meta.url));
const stepMs = 250;

/** The pauses between starts pass on a clock of the test's own; processes are real. */
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
let stop = async () => {};
afterEach(async () => {
  await stop();
  vi.useRealTimers();
});

/** Supervises workers whose lives follow each other in the order of their starts; the last one's is repeated. */
function supervise(workers: number, lives: readonly Life[]) {
  const startedAt: number[] = [];
  const children: ChildProcess[] = [];
  const hopeless: string[] = [];
  const supervisor = new Supervisor({
    workers,
    logger: pino({ level: "silent" }),
    fork() {
      const life = lives[startedAt.length] ?? lives.at(-1)!;
      startedAt.push(performance.now());
      const child = fork(script, { serialization: "advanced", execArgv: [], env: { LIFE: life } });
      // The first message is the answer that it serves.
      settling = once(child, life === "long" ? "message" : "exit");
      children.push(child);
      return child;
    },
    serve: () => () => {},
    assignment: (number) => ({ number, config: testConfig(), epoch: null, issuesClaim: false }),
    state: () => idle,
    onHopeless: (error) => hopeless.push(error.message),
  });
  stop = () => supervisor.stop();
  let settling: Promise<unknown> = Promise.resolve();

  /** Lets time pass, as far as the process that was started last serves or has ended. */
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      await settling;
      // What follows from it happens within the next turns of the event loop.
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      await vi.advanceTimersByTimeAsync(stepMs);
    }
  }

  /** Seconds between one start and the next, of the starts after the first `from`; a start may be a step late. */
  const pauses = (from: number) =>
    startedAt
      .slice(from)
      .flatMap((at, index, all) => (index === 0 ? [] : Math.floor((at - all[index - 1]!) / 500) / 2));
  return { supervisor, children, startedAt, hopeless, pass, pauses };
}

test("a worker that ends at every start is started with pauses that double up to half a minute, while another serves", async () => {
  const { supervisor, hopeless, pass, pauses } = supervise(2, ["long", "brief", "none"]);
  await supervisor.start();
  await pass(100_000);
  expect(pauses(2)).toEqual([0.5, 1, 2, 4, 8, 16, 30, 30]);
  expect(hopeless).toEqual([]);
});

test("when no worker serves and none can be started, it gives up after six attempts and says why", async () => {
  const { supervisor, startedAt, hopeless, pass } = supervise(1, ["brief", "none"]);
  await supervisor.start();
  await pass(120_000);
  expect(startedAt).toHaveLength(7);
  expect(hopeless).toEqual(["A worker process ended (code 7) before it served."]);
});

test("a worker that had served for ten seconds is replaced at once, whatever happened before", async () => {
  const { supervisor, children, startedAt, pass, pauses } = supervise(1, ["brief", "none", "none", "long"]);
  await supervisor.start();
  await pass(2_000);
  expect(pauses(1)).toEqual([0.5, 1]);
  await pass(12_000);
  expect(startedAt).toHaveLength(4);
  const long = children.at(-1)!;
  long.kill("SIGKILL");
  await once(long, "exit");
  await pass(2 * stepMs);
  expect(startedAt).toHaveLength(5);
});

test("a stop starts no worker that was waiting for its pause", async () => {
  const { supervisor, startedAt, pass } = supervise(2, ["long", "brief", "none"]);
  await supervisor.start();
  await pass(1_000);
  const count = startedAt.length;
  await supervisor.stop();
  await pass(60_000);
  expect(startedAt).toHaveLength(count);
});
