import type { Clock } from "../../clock.ts";
import { ClusterNode } from "../cluster-node.ts";
import type { NodeId } from "../contract.ts";
import { leaseTimes, type LeaseTimes } from "../lease.ts";
import { RedisBackend } from "./redis-backend.ts";
import { RedisScripts } from "./redis-scripts.ts";

export interface RedisClusterOptions {
  readonly nodeId: NodeId;
  readonly url: string;
  /** Prefix of all keys; the nodes of one instance have the same, and other instances on this Redis another. */
  readonly prefix: string;
  readonly clock: Clock;
  readonly times?: LeaseTimes;
  /** Receives failures of the connections and of renewals. */
  readonly onError?: (error: unknown) => void;
}

/** Joins the nodes of an instance that share a Redis. Rejects when it cannot be reached. */
export function openRedisCluster(options: RedisClusterOptions): Promise<ClusterNode> {
  const { nodeId, url, prefix, clock, times = leaseTimes, onError = () => {} } = options;
  const scripts = new RedisScripts({ url, clock, onError });
  return ClusterNode.join({
    nodeId,
    clock,
    times,
    onError,
    connect: (peers) => new RedisBackend({ nodeId, scripts, prefix, leaseMs: times.leaseMs }, peers),
  });
}
