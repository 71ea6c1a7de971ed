import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { Clock } from "./clock.ts";
import type { Cluster } from "./cluster/contract.ts";
import type { LoadMeter } from "./delivery/flush-policy.ts";

export interface ShareLoadOptions {
  readonly cluster: Pick<Cluster, "nodeId" | "map">;
  readonly clock: Clock;
  readonly load: LoadMeter;
  /** The same for all processes of a machine, and for no others. */
  readonly machine?: string;
}

type LoadEntry = Readonly<{ machine: string; perSecond: number }>;

const everyMs = 1_000;
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
 * Tells the meter what other nodes on this machine deliver, so that all of them gather events for as long as one process
 * with their load would. Nothing is sent while this node is the only one on its machine. Returns the function that stops it.
 */
export function shareLoad({ cluster, clock, load, machine = machineId() }: ShareLoadOptions): () => void {
  const map = cluster.map<LoadEntry>("load");
  map.set(key, { machine, perSecond: 0 });
  let shared = 0;
  const timer = clock.setInterval(() => {
    const others = [...map.get(key)].filter(
      ([nodeId, entry]) => nodeId !== cluster.nodeId && entry.machine === machine,
    );
    load.elsewherePerSecond = others.reduce((sum, [, { perSecond }]) => sum + perSecond, 0);
    const perSecond = Math.round(load.ownPerSecond(clock.monotonic()));
    if (others.length === 0 || perSecond === shared) return;
    shared = perSecond;
    map.set(key, { machine, perSecond });
  }, everyMs);
  return () => timer.cancel();
}
