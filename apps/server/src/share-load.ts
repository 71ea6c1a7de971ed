import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { Clock } from "./clock.ts";
import type { Cluster } from "./cluster/contract.ts";
import type { LoadMeter } from "./delivery/flush-policy.ts";
import type { CommitPace } from "./store/log/commit-pace.ts";

export interface ShareLoadOptions {
  readonly cluster: Pick<Cluster, "nodeId" | "map">;
  readonly clock: Clock;
  readonly load: LoadMeter;
  readonly pace: Pick<CommitPace, "ownPerSecond" | "elsewherePerSecond" | "othersCommit">;
  /** The same for all processes of a machine, and for no others. */
  readonly machine?: string;
}

type LoadEntry = Readonly<{
  machine: string;
  /** Deliveries. */
  perSecond: number;
  /** Senders of messages. */
  sendersPerSecond?: number;
}>;

const everyMs = 1_000;
/** Senders per second of other nodes whose messages may each cause a flush of their own. */
const fewSenders = 10;
const key = "load";

/** The kernel's, since containers of one machine have host names of their own. */
function machineId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return hostname();
  }
}

/**
 * Tells the meter what other nodes on this machine deliver, and the pace of the log how many senders they have, so that all of
 * them gather events for as long as one process with their load would. Nothing is sent while this node is the only one.
 * Returns the function that stops it.
 */
export function shareLoad({ cluster, clock, load, pace, machine = machineId() }: ShareLoadOptions): () => void {
  const map = cluster.map<LoadEntry>("load");
  const idle: LoadEntry = { machine, perSecond: 0, sendersPerSecond: 0 };
  map.set(key, idle);
  let shared = idle;
  const timer = clock.setInterval(() => {
    const others = [...map.get(key)].filter(([nodeId]) => nodeId !== cluster.nodeId).map(([, entry]) => entry);
    const here = others.filter((entry) => entry.machine === machine);
    load.elsewherePerSecond = sum(here, ({ perSecond }) => perSecond);
    pace.elsewherePerSecond = sum(here, ({ sendersPerSecond = 0 }) => sendersPerSecond);
    pace.othersCommit = sum(others, ({ sendersPerSecond = 0 }) => sendersPerSecond) > fewSenders;
    const perSecond = Math.round(load.ownPerSecond(clock.monotonic()));
    const sendersPerSecond = Math.round(pace.ownPerSecond());
    if (others.length === 0) return;
    if (perSecond === shared.perSecond && sendersPerSecond === shared.sendersPerSecond) return;
    shared = { machine, perSecond, sendersPerSecond };
    map.set(key, shared);
  }, everyMs);
  return () => timer.cancel();
}

function sum(entries: readonly LoadEntry[], valueOf: (entry: LoadEntry) => number): number {
  return entries.reduce((total, entry) => total + valueOf(entry), 0);
}
