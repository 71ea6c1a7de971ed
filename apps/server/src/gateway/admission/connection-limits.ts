import { tryAgainLater, type Refusal } from "./refusal.ts";

export interface ConnectionLimitSettings {
  readonly maxConnections: number;
  readonly maxConnectionsPerUser: number;
  readonly maxConnectionsPerAddress: number;
}

/** Counts open sockets per address and per user, and refuses those above a limit. */
export class ConnectionLimits {
  readonly #settings: ConnectionLimitSettings;
  readonly #addresses = new Map<string, number>();
  readonly #users = new Map<number, number>();
  #total = 0;

  constructor(settings: ConnectionLimitSettings) {
    this.#settings = settings;
  }

  get total(): number {
    return this.#total;
  }

  /** Null when the connection is admitted and counted; `releaseAddress` uncounts it. */
  admitAddress(limitKey: string): Refusal | null {
    const { maxConnections, maxConnectionsPerAddress } = this.#settings;
    if (this.#total >= maxConnections) return tryAgainLater("too many connections");
    if ((this.#addresses.get(limitKey) ?? 0) >= maxConnectionsPerAddress)
      return tryAgainLater("too many connections from this address");
    this.#total += 1;
    increment(this.#addresses, limitKey);
    return null;
  }

  releaseAddress(limitKey: string): void {
    this.#total -= 1;
    decrement(this.#addresses, limitKey);
  }

  /** Null when the connection is admitted and counted; `releaseUser` uncounts it. */
  admitUser(userId: number): Refusal | null {
    if ((this.#users.get(userId) ?? 0) >= this.#settings.maxConnectionsPerUser)
      return tryAgainLater("too many connections of this user");
    increment(this.#users, userId);
    return null;
  }

  releaseUser(userId: number): void {
    decrement(this.#users, userId);
  }

  /** Number of addresses and users with open sockets. */
  get size(): number {
    return this.#addresses.size + this.#users.size;
  }
}

function increment<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function decrement<Key>(counts: Map<Key, number>, key: Key): void {
  const count = counts.get(key) ?? 0;
  if (count > 1) counts.set(key, count - 1);
  else counts.delete(key);
}
