import type { ServerMetrics } from "@miscord/protocol";
import type { Bus } from "../bus/contract.ts";
import type { Store } from "../store/contract.ts";

/** What a node needs to run. Their health checks measure the latencies. */
export interface DependencySources {
  readonly bus: Pick<Bus, "isLocal" | "stats">;
  /** Resyncs since the start, for whichever reason. */
  readonly resync: { readonly count: number };
  readonly store: Pick<Store, "stats">;
}

/** Latencies in seconds. */
export function dependencyMetrics({ bus, resync, store }: DependencySources): Pick<ServerMetrics, "bus" | "database"> {
  const { latencyMs, pool, replication } = store.stats();
  return {
    bus: bus.isLocal
      ? null
      : { latency: seconds(bus.stats.latencyMs), reconnections: bus.stats.reconnections, resyncs: resync.count },
    database: {
      latency: seconds(latencyMs),
      pool: pool && { in_use: pool.inUse, idle: pool.idle, waiting: pool.waiting },
      replication: replication && { standbys: replication.standbys, is_synchronous: replication.isSynchronous },
    },
  };
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : Number((ms / 1_000).toFixed(6));
}
