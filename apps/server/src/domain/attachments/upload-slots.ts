import type { Cluster, SharedMap } from "../../cluster/contract.ts";
import { AppError } from "../../errors.ts";

const slotsPerUser = 6;

/** The uploads of a user that are under way on one node, and how many bytes they may still write together. */
type UnderWay = { readonly count: number; readonly bytes: number; readonly personId: number };

export interface UploadPlace {
  readonly userId: number;
  /** Whose room it takes: the user's own, or that of a bot's owner. */
  readonly personId: number;
  readonly bytes: number;
}

export interface ReservedBytes {
  readonly total: number;
  readonly ofPerson: number;
}

/**
 * The uploads under way on all nodes. Their bytes count as written from the moment they are announced: otherwise several
 * at once would each find room for itself, and together fill the disk or exceed what one user may keep. Only uploads that
 * begin on two nodes within the few milliseconds that a change takes to reach the other may do so.
 */
export class UploadSlots {
  readonly #cluster: Pick<Cluster, "nodeId">;
  readonly #users: SharedMap<UnderWay>;

  constructor(cluster: Pick<Cluster, "nodeId" | "map">) {
    this.#cluster = cluster;
    this.#users = cluster.map<UnderWay>("uploads");
  }

  /**
   * Takes a slot and reserves the bytes until the work ends. The work receives what is reserved including its own, but
   * not what is announced later: of several at once, the first ones find room. Throws `rate_limited` when the user has
   * no slot left.
   */
  async during<Value>(
    { userId, personId, bytes }: UploadPlace,
    work: (reserved: ReservedBytes) => Promise<Value>,
  ): Promise<Value> {
    const user = String(userId);
    if (sum(this.#underWay(user).map(({ count }) => count)) >= slotsPerUser) {
      throw new AppError("rate_limited", "Too many uploads at once.", { retryAfterMs: 2_000 });
    }
    this.#add(user, { count: 1, bytes, personId });
    try {
      const all = [...this.#users.keys()].flatMap((key) => this.#underWay(key));
      const own = all.filter((one) => one.personId === personId);
      return await work({ total: bytesOf(all), ofPerson: bytesOf(own) });
    } finally {
      this.#add(user, { count: -1, bytes: -bytes, personId });
    }
  }

  /** On each node. */
  #underWay(user: string): UnderWay[] {
    return [...this.#users.get(user).values()];
  }

  #add(user: string, more: UnderWay): void {
    const { count: held = 0, bytes = 0 } = this.#users.get(user).get(this.#cluster.nodeId) ?? {};
    const count = held + more.count;
    if (count > 0) this.#users.set(user, { count, bytes: bytes + more.bytes, personId: more.personId });
    else this.#users.delete(user);
  }
}

function bytesOf(all: readonly UnderWay[]): number {
  return sum(all.map(({ bytes }) => bytes));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
