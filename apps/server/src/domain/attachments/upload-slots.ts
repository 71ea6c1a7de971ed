import type { Cluster, SharedMap } from "../../cluster/contract.ts";
import { AppError } from "../../errors.ts";

const slotsPerUser = 6;

/** The uploads of a user that are under way on one node, and how many bytes they may still write together. */
type UnderWay = { readonly count: number; readonly bytes: number };

export interface ReservedBytes {
  readonly total: number;
  readonly ofUser: number;
}

const none: UnderWay = { count: 0, bytes: 0 };

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
    { userId, bytes }: { userId: number; bytes: number },
    work: (reserved: ReservedBytes) => Promise<Value>,
  ): Promise<Value> {
    const user = String(userId);
    if (this.#underWay(user).count >= slotsPerUser) {
      throw new AppError("rate_limited", "Too many uploads at once.", { retryAfterMs: 2_000 });
    }
    this.#add(user, { count: 1, bytes });
    try {
      const all = [...this.#users.keys()].map((key) => this.#underWay(key).bytes);
      return await work({ total: sum(all), ofUser: this.#underWay(user).bytes });
    } finally {
      this.#add(user, { count: -1, bytes: -bytes });
    }
  }

  #underWay(user: string): UnderWay {
    const nodes = [...this.#users.get(user).values()];
    return { count: sum(nodes.map(({ count }) => count)), bytes: sum(nodes.map(({ bytes }) => bytes)) };
  }

  #add(user: string, more: UnderWay): void {
    const own = this.#users.get(user).get(this.#cluster.nodeId) ?? none;
    const count = own.count + more.count;
    if (count > 0) this.#users.set(user, { count, bytes: own.bytes + more.bytes });
    else this.#users.delete(user);
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
