export interface ConnectionLimitSettings {
  readonly maxConnections: number;
  readonly maxConnectionsPerUser: number;
  readonly maxConnectionsPerAddress: number;
}

/** Counts open sockets by address and by person. Who is one too many gets the reason to refuse with. */
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

  /** Null: admitted and counted; `releaseAddress` gives the place back. */
  admitAddress(limitKey: string): string | null {
    const { maxConnections, maxConnectionsPerAddress } = this.#settings;
    if (this.#total >= maxConnections) return "too many connections";
    if ((this.#addresses.get(limitKey) ?? 0) >= maxConnectionsPerAddress)
      return "too many connections from this address";
    this.#total += 1;
    raise(this.#addresses, limitKey);
    return null;
  }

  releaseAddress(limitKey: string): void {
    this.#total -= 1;
    lower(this.#addresses, limitKey);
  }

  admitUser(userId: number): string | null {
    if ((this.#users.get(userId) ?? 0) >= this.#settings.maxConnectionsPerUser)
      return "too many connections of this user";
    raise(this.#users, userId);
    return null;
  }

  releaseUser(userId: number): void {
    lower(this.#users, userId);
  }

  /** Addresses and people that are counted; nothing is left of those who went. */
  get size(): number {
    return this.#addresses.size + this.#users.size;
  }
}

function raise<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function lower<Key>(counts: Map<Key, number>, key: Key): void {
  const count = counts.get(key) ?? 0;
  if (count > 1) counts.set(key, count - 1);
  else counts.delete(key);
}
