import type { Cluster } from "../../cluster/contract.ts";
import { tryAgainLater, type Refusal } from "./refusal.ts";
import { SharedCounts } from "./shared-counts.ts";

export interface ConnectionLimitSettings {
  /** Of this node. */
  readonly maxConnections: number;
  readonly maxConnectionsPerUser: number;
  readonly maxConnectionsPerAddress: number;
}

/**
 * Counts open sockets, and refuses those above a limit. Those of a user and of an address count on all nodes; the other
 * nodes' are known with a short delay.
 */
export class ConnectionLimits {
  readonly #settings: ConnectionLimitSettings;
  readonly #addresses: SharedCounts;
  readonly #users: SharedCounts;
  #total = 0;

  constructor(settings: ConnectionLimitSettings, cluster: Pick<Cluster, "nodeId" | "map">) {
    this.#settings = settings;
    this.#addresses = new SharedCounts(cluster, "connections-of-addresses");
    this.#users = new SharedCounts(cluster, "connections-of-users");
  }

  get total(): number {
    return this.#total;
  }

  /** Null when the connection is admitted and counted; `releaseAddress` uncounts it. */
  admitAddress(limitKey: string): Refusal | null {
    const { maxConnections, maxConnectionsPerAddress } = this.#settings;
    if (this.#total >= maxConnections) return tryAgainLater("too many connections");
    if (this.#addresses.of(limitKey) >= maxConnectionsPerAddress)
      return tryAgainLater("too many connections from this address");
    this.#total += 1;
    this.#addresses.increment(limitKey);
    return null;
  }

  releaseAddress(limitKey: string): void {
    this.#total -= 1;
    this.#addresses.decrement(limitKey);
  }

  /** Null when the connection is admitted and counted; `releaseUser` uncounts it. */
  admitUser(userId: number): Refusal | null {
    if (this.#users.of(String(userId)) >= this.#settings.maxConnectionsPerUser)
      return tryAgainLater("too many connections of this user");
    this.#users.increment(String(userId));
    return null;
  }

  releaseUser(userId: number): void {
    this.#users.decrement(String(userId));
  }

  /** Number of addresses and users with open sockets on this node. */
  get size(): number {
    return this.#addresses.size + this.#users.size;
  }
}
