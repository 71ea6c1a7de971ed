import type { Rate } from "../concurrency/token-bucket.ts";

/** Random id of one running node; a node that starts again is another node. */
export type NodeId = string;

/** A value that survives `structuredClone` and JSON. */
export type Shared = string | number | boolean | null | readonly Shared[] | { readonly [key: string]: Shared };

/**
 * What all nodes of an instance know of each other, and what they decide together. Each node is a member while it renews
 * its lease; when it is killed, or cannot renew in time, the others consider it gone. `describeCluster` tests these
 * rules for any implementation:
 *
 * - C1. A node's lease ends at most `leaseMs` after its last renewal. From then on its entries and claims are gone for
 *   every other node, and `onNodeGone` has been called on them once.
 * - C2. An entry that a node sets is visible to itself when `set` returns and to the other nodes soon; changes of one
 *   node arrive in the order in which it made them.
 * - C3. A claim has one owner at a time: the first node that asked, until it releases the claim or its lease ends.
 * - C4. A node whose lease may have ended (it was paused, or cut off) owns nothing from that moment by its own clock:
 *   `owns` is false. Once it is back, it has a new lease, its entries are set again, and `onRejoined` is called; its
 *   former claims are gone.
 * - C5. A budget is spent by all nodes together: of concurrent calls on any nodes no more succeed than it has tokens.
 *   An optimistic budget may be exceeded for a moment, by `aheadOf(rate)` tokens a node at most; what was spent too much
 *   is owed, and later calls wait until it is paid back, as what is charged afterwards is. Calls on a single node never exceed
 *   either kind.
 *   A node gets the answers for one key in the order of its calls, of whichever budgets, so awaiting them keeps the
 *   commands of a user in order.
 * - C6. While nodes cannot reach what they share, `set`, `delete`, `get` and `owns` still answer from this node's
 *   memory, `claim` rejects, and budgets are spent on this node alone; nothing throws into a command because of it.
 * - C7. After `close`, the node's entries and claims are gone for the others at once.
 */
export interface Cluster {
  readonly nodeId: NodeId;
  /** Ids of all living nodes, this one included. */
  readonly nodes: ReadonlySet<NodeId>;
  /** A budget shared under its name; every node must use the same rate and options. */
  budget(name: string, rate: Rate, options?: BudgetOptions): Budget;
  /** The shared map of that name. Every call with one name gives the same map. */
  map<Value extends Shared>(name: string): SharedMap<Value>;
  /** Resolves with the owner of the name: this node, when it was free. Rejects while the others cannot be reached. */
  claim(name: string): Promise<NodeId>;
  /** Whether this node owns the claim now; never true after its lease may have ended (C4). */
  owns(name: string): boolean;
  release(name: string): Promise<void>;
  /** Called once for each node whose lease has ended or that has closed. */
  onNodeGone(listener: (nodeId: NodeId) => void): void;
  /** Called after this node has a new lease in place of one that ended. */
  onRejoined(listener: () => void): void;
  /** Resolves while what the nodes share can be reached. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface BudgetOptions {
  /**
   * Answers at once from what the node knows of the bucket, and tells the others afterwards; see C5. For what costs more
   * to ask about than it can do harm. It is not refunded: a refund would overtake what it returns.
   */
  readonly optimistic?: boolean;
}

/**
 * Token buckets by key, shared by all nodes; see C5 and C6. A node that is alone answers at once, without a promise, so
 * callers that must not lose their turn await only promises: `const spent = budget.spend(id); if (spent) await spent;`.
 */
export interface Budget {
  readonly rate: Rate;
  /** Takes `cost` tokens and gives 0; or takes none and gives the milliseconds until there are enough. */
  take(key: number | string, cost?: number): number | Promise<number>;
  /** `take` for commands. Throws, or rejects with, AppError `rate_limited`. */
  spend(key: number | string, cost?: number): void | Promise<void>;
  /** Returns a token that was taken for something that turned out to cost none. */
  refund(key: number | string): void;
  /**
   * Takes `cost` tokens of something that is done already, although there may be too few: they are owed. Below zero, returns tokens
   * of a cost that was presumed. Of optimistic budgets only.
   */
  charge(key: number | string, cost: number): void;
}

/** Entries by key and node. A node changes its own entries only, and sees those of all living nodes; see C2. */
export interface SharedMap<Value extends Shared> {
  set(key: string, value: Value): void;
  delete(key: string): void;
  /** The entries of all nodes under the key. */
  get(key: string): ReadonlyMap<NodeId, Value>;
  /** All keys that some node has an entry under. */
  keys(): Iterable<string>;
  /**
   * Called after each change of any node's entry, also for this node's own. When a node is gone (it is no longer among
   * `nodes`), called without a value for each of its entries.
   */
  onChange(listener: (key: string, nodeId: NodeId, value: Value | undefined) => void): void;
}
