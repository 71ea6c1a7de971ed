import { hostname } from "node:os";
import type { Clock } from "./clock.ts";
import type { Cluster } from "./cluster/contract.ts";
import type { LoadMeter } from "./delivery/flush-policy.ts";

export interface ShareLoadOptions {
  readonly cluster: Pick<Cluster, "nodeId" | "map">;
  readonly clock: Clock;
  readonly load: LoadMeter;
  /** Nodes with the same name run on the same machine. */
  readonly host?: string;
}

type LoadEntry = Readonly<{ host: string; perSecond: number }>;

const everyMs = 1_000;
const key = "load";

/**
 * Tells the meter what other nodes on this machine deliver, so that all of them gather events for as long as one process
 * with their load would. Nothing is sent while this node is the only one on its machine. Returns the function that stops it.
 */
export function shareLoad({ cluster, clock, load, host = hostname() }: ShareLoadOptions): () => void {
  const map = cluster.map<LoadEntry>("load");
  map.set(key, { host, perSecond: 0 });
  let shared = 0;
  const timer = clock.setInterval(() => {
    const others = [...map.get(key)].filter(([nodeId, entry]) => nodeId !== cluster.nodeId && entry.host === host);
    load.elsewherePerSecond = others.reduce((sum, [, { perSecond }]) => sum + perSecond, 0);
    const perSecond = Math.round(load.ownPerSecond(clock.monotonic()));
    if (others.length === 0 || perSecond === shared) return;
    shared = perSecond;
    map.set(key, { host, perSecond });
  }, everyMs);
  return () => timer.cancel();
}
