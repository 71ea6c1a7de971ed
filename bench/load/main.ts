import { setTimeout as sleep } from "node:timers/promises";
import { runAcked } from "./acked.ts";
import { arrive } from "./arrivals.ts";
import type { Answer, Call, CallName, Calls } from "./calls.ts";
import { Reconnects } from "./reconnects.ts";
import { Fleet } from "./fleet.ts";
import { SelfWatch } from "./self-watch.ts";
import { TrafficSource } from "./traffic.ts";
import { Window } from "./window.ts";

/** The load generator: a separate process that executes the runner's calls, over 127.0.0.1 only. */
const watch = new SelfWatch();
let fleet: Fleet | null = null;
let traffic: TrafficSource | null = null;
let window: Window | null = null;
let reconnects: Reconnects | null = null;

const handlers: { [Name in CallName]: (plan: Calls[Name]["plan"]) => Promise<Calls[Name]["answer"]> } = {
  async open(plan) {
    const startedAt = performance.now();
    fleet = new Fleet(plan);
    await fleet.open();
    return { openedMs: performance.now() - startedAt };
  },
  async arrive({ limitMs, ...plan }) {
    fleet = new Fleet(plan);
    return arrive(fleet, limitMs);
  },
  async settle({ limitMs }) {
    await settled(opened(fleet), limitMs);
    return null;
  },
  async start(plan) {
    traffic = new TrafficSource(opened(fleet), plan, watch);
    return null;
  },
  async openWindow({ pids }) {
    window = new Window(opened(fleet), watch, pids);
    return null;
  },
  async closeWindow({ drainMs }) {
    const closing = opened(window);
    closing.close();
    traffic?.stop();
    await drained(opened(fleet), drainMs);
    return closing.report();
  },
  acked: (plan) => runAcked(opened(fleet), plan, watch),
  async expectLoss() {
    reconnects = new Reconnects(opened(fleet));
    return null;
  },
  awaitReconnects: ({ readyAt, limitMs }) => opened(reconnects).finish(readyAt, limitMs),
  async close() {
    fleet?.close();
    return null;
  },
};

process.on("message", (call: Call) => {
  const handler = handlers[call.name] as (plan: unknown) => Promise<unknown>;
  handler(call.plan).then(
    (answer) => reply({ answer }),
    (error: unknown) => reply({ failure: error instanceof Error ? error.message : String(error) }),
  );
});
process.on("disconnect", () => process.exit());

function reply(answer: Answer): void {
  process.send?.(answer);
}

async function drained(all: Fleet, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!all.ledger.isComplete && performance.now() < deadline) await sleep(10);
}

/** Time to wait without traffic; longer than the server's slowest periodic event, presence once a second. */
const listenMs = 2_500;

/**
 * Resolves when fewer frames arrive than one for every two connections (pings alone are one for six), or after
 * `limitMs`.
 */
async function settled(all: Fleet, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (performance.now() < deadline) {
    const before = all.wire.frames;
    await sleep(Math.min(listenMs, limitMs));
    if (all.wire.frames - before < all.connections.length / 2) return;
  }
}

function opened<T>(thing: T | null): T {
  if (thing === null) throw new Error("called out of turn");
  return thing;
}
