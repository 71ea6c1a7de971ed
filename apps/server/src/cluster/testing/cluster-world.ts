import type { Cluster } from "../contract.ts";
import type { LeaseTimes } from "../lease.ts";

/** Short times, so that the end of a lease can be waited for. */
export const testTimes: LeaseTimes = { leaseMs: 1_500, renewMs: 100 };

/** A node of a test, and what may happen to it. */
export interface TestNode {
  readonly cluster: Cluster;
  /** Ends it without a farewell: from now on nothing comes from it. */
  kill(): void;
  /** Cuts it off. What it sends and what is sent to it waits. */
  pause(): void;
  resume(): void;
}

export interface ClusterWorld {
  /** Joins another node, with `testTimes`. */
  join(): Promise<TestNode>;
  dispose(): Promise<void>;
}
