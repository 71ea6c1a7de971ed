import type { Clock } from "../clock.ts";
import { nodeId } from "../node-id.ts";
import type { Rate } from "../concurrency/token-bucket.ts";
import { TokenBuckets } from "../concurrency/token-buckets.ts";
import type { Budget, Cluster, NodeId, Shared, SharedMap } from "./contract.ts";
import { Replica } from "./replica.ts";

/** The cluster of a node that is alone. Its budgets answer at once, and it owns whatever it claims. */
export class MemoryCluster implements Cluster {
  readonly nodeId: NodeId = nodeId;
  readonly #replica = new Replica(nodeId, () => {});
  readonly #budgets = new Map<string, Budget>();
  readonly #claims = new Set<string>();
  readonly #clock: Clock;
  #isClosed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get nodes(): ReadonlySet<NodeId> {
    return this.#replica.nodes;
  }

  budget(name: string, rate: Rate): Budget {
    const known = this.#budgets.get(name);
    if (known) return known;
    const budget = new TokenBuckets(rate, this.#clock);
    this.#budgets.set(name, budget);
    return budget;
  }

  map<Value extends Shared>(name: string): SharedMap<Value> {
    return this.#replica.map(name);
  }

  claim(name: string): Promise<NodeId> {
    if (this.#isClosed) return Promise.reject(new Error("The cluster is closed."));
    this.#claims.add(name);
    return Promise.resolve(this.nodeId);
  }

  owns(name: string): boolean {
    return this.#claims.has(name);
  }

  release(name: string): Promise<void> {
    this.#claims.delete(name);
    return Promise.resolve();
  }

  onNodeGone(): void {
    // There is no other node.
  }

  onRejoined(): void {
    // The lease of the only node never ends.
  }

  ping(): Promise<void> {
    return this.#isClosed ? Promise.reject(new Error("The cluster is closed.")) : Promise.resolve();
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#claims.clear();
    return Promise.resolve();
  }
}
