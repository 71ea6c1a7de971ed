import type { Clock } from "../clock.ts";
import { every } from "../concurrency/every.ts";
import type { Rate } from "../concurrency/token-bucket.ts";
import type { ClusterBackend, PeerListener } from "./backend.ts";
import type { Budget, BudgetOptions, Cluster, NodeId, Shared, SharedMap } from "./contract.ts";
import { ForcedTakes } from "./forced-takes.ts";
import { leaseTimes, type LeaseTimes } from "./lease.ts";
import { Replica, type EntryChange } from "./replica.ts";
import { SharedBudget, type Turn } from "./shared-budget.ts";

export interface ClusterNodeOptions {
  readonly nodeId: NodeId;
  readonly clock: Clock;
  /** Creates the backend; what it reports of the other nodes goes to the listener. */
  readonly connect: (peers: PeerListener) => ClusterBackend;
  readonly times?: LeaseTimes;
  /** Receives the failures of renewals. */
  readonly onError?: (error: unknown) => void;
}

/** A node of several. Keeps a copy of what the nodes share, and the rules about its own lease; see `Cluster`. */
export class ClusterNode implements Cluster {
  readonly nodeId: NodeId;
  readonly #clock: Clock;
  readonly #times: LeaseTimes;
  readonly #backend: ClusterBackend;
  readonly #replica: Replica;
  readonly #budgets = new Map<string, SharedBudget>();
  readonly #owned = new Set<string>();
  readonly #rejoinedListeners: (() => void)[] = [];
  #stopRenewing: () => void = () => {};
  /** Counts leases, so that an answer to a claim under a former lease does not count. */
  #lease = 0;
  /** When the renewal that was confirmed last was sent. */
  #renewedAt: Moment | null = null;
  /** The last request failed: budgets are spent locally until a renewal succeeds. */
  #isAway = false;
  #isClosed = false;

  /** Joins the cluster. Rejects when the shared place cannot be reached. */
  static async join(options: ClusterNodeOptions): Promise<ClusterNode> {
    const node = new ClusterNode(options);
    try {
      await node.#backend.open();
      await node.#startLease();
      node.#keepRenewing(options.onError ?? (() => {}));
      await node.#backend.loaded();
      return node;
    } catch (error) {
      await node.close();
      throw error;
    }
  }

  private constructor({ nodeId, clock, connect, times = leaseTimes }: ClusterNodeOptions) {
    this.nodeId = nodeId;
    this.#clock = clock;
    this.#times = times;
    this.#replica = new Replica(nodeId, (change) => this.#changed(change));
    this.#backend = connect({
      changed: (peer, change) => this.#replica.apply(peer, change),
      loaded: (peer, entries) => this.#replica.replace(peer, entries),
      gone: (peer) => this.#replica.drop(peer),
      living: (peers) => this.#replica.keepOnly(peers),
    });
    this.#forced = new ForcedTakes(this.#backend, clock);
  }

  get nodes(): ReadonlySet<NodeId> {
    return this.#replica.nodes;
  }

  budget(name: string, rate: Rate, { optimistic = false }: BudgetOptions = {}): Budget {
    const known = this.#budgets.get(name);
    if (known) return known;
    const budget = new SharedBudget({ name, rate, optimistic }, this.#clock, {
      backend: this.#backend,
      forced: this.#forced,
      isAway: () => this.#isAway,
      failed: () => (this.#isAway = true),
      turns: this.#turns,
    });
    this.#budgets.set(name, budget);
    return budget;
  }

  readonly #turns = new Map<string, Turn>();
  readonly #forced: ForcedTakes;

  map<Value extends Shared>(name: string): SharedMap<Value> {
    return this.#replica.map(name);
  }

  async claim(name: string): Promise<NodeId> {
    const lease = this.#lease;
    const owner = await this.#backend.claim(name);
    if (lease !== this.#lease || !this.#holdsLease()) throw new Error("The node's lease ended while it asked.");
    if (owner === this.nodeId) this.#owned.add(name);
    return owner;
  }

  owns(name: string): boolean {
    return this.#owned.has(name) && this.#holdsLease();
  }

  async release(name: string): Promise<void> {
    this.#owned.delete(name);
    await this.#backend.release(name);
  }

  onNodeGone(listener: (nodeId: NodeId) => void): void {
    this.#replica.onNodeGone(listener);
  }

  onRejoined(listener: () => void): void {
    this.#rejoinedListeners.push(listener);
  }

  ping(): Promise<void> {
    return this.#isClosed ? Promise.reject(new Error("The cluster is closed.")) : this.#backend.ping();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopRenewing();
    this.#owned.clear();
    this.#renewedAt = null;
    void this.#forced.send();
    await this.#backend.close();
  }

  #changed(change: EntryChange): void {
    if (!this.#isClosed) this.#backend.change(change);
  }

  #keepRenewing(onError: (error: unknown) => void): void {
    const work = async () => {
      try {
        await this.#renew();
      } catch (error) {
        this.#isAway = true;
        if (!this.#isClosed) onError(error);
      }
    };
    this.#stopRenewing = every(this.#clock, { everyMs: this.#times.renewMs, work, onError });
  }

  async #renew(): Promise<void> {
    const askedAt = this.#now();
    // A lease that has ended by this node's clock must not be renewed: the others may have acted on its end.
    const isRenewed = this.#holdsLease() && (await this.#backend.renew(() => this.#replica.ownEntries()));
    if (this.#isClosed) return;
    if (!isRenewed || !this.#holdsLease()) return this.#rejoin();
    this.#renewedAt = askedAt;
    this.#isAway = false;
  }

  async #rejoin(): Promise<void> {
    await this.#startLease();
    if (this.#isClosed) return;
    for (const listener of this.#rejoinedListeners) listener();
  }

  async #startLease(): Promise<void> {
    this.#lease += 1;
    this.#owned.clear();
    this.#renewedAt = null;
    const askedAt = this.#now();
    await this.#backend.join(this.#replica.ownEntries());
    if (this.#isClosed) return;
    this.#renewedAt = askedAt;
    this.#isAway = false;
  }

  #holdsLease(): boolean {
    return this.#renewedAt !== null && this.#sinceMs(this.#renewedAt) < this.#times.leaseMs;
  }

  #now(): Moment {
    return { wallMs: this.#clock.now(), monotonicMs: this.#clock.monotonic() };
  }

  /** The monotonic clock stands still while a machine is suspended; the wall clock shows how long that was. */
  #sinceMs({ wallMs, monotonicMs }: Moment): number {
    return Math.max(this.#clock.monotonic() - monotonicMs, this.#clock.now() - wallMs);
  }
}

interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}
