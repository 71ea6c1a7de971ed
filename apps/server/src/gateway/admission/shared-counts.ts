import type { Cluster, NodeId, SharedMap } from "../../cluster/contract.ts";

/** Counts by key, of all nodes together. This node's own are exact, those of the others as they were sent last. */
export class SharedCounts {
  readonly #nodeId: NodeId;
  readonly #counts: SharedMap<number>;
  #size = 0;

  constructor(cluster: Pick<Cluster, "nodeId" | "map">, name: string) {
    this.#nodeId = cluster.nodeId;
    this.#counts = cluster.map(name);
  }

  /** The sum of all nodes. */
  of(key: string): number {
    let sum = 0;
    for (const count of this.#counts.get(key).values()) sum += count;
    return sum;
  }

  increment(key: string): void {
    const count = this.#own(key);
    if (count === 0) this.#size += 1;
    this.#counts.set(key, count + 1);
  }

  decrement(key: string): void {
    const count = this.#own(key);
    if (count > 1) return this.#counts.set(key, count - 1);
    if (count === 1) this.#size -= 1;
    this.#counts.delete(key);
  }

  /** Number of keys that this node counts something for. */
  get size(): number {
    return this.#size;
  }

  #own(key: string): number {
    return this.#counts.get(key).get(this.#nodeId) ?? 0;
  }
}
