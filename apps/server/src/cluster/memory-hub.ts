import type { Clock, Timer } from "../clock.ts";
import { newNodeId } from "../node-id.ts";
import { TokenBuckets } from "../concurrency/token-buckets.ts";
import type { Take } from "./backend.ts";
import { ClusterNode } from "./cluster-node.ts";
import type { NodeId } from "./contract.ts";
import { HubBackend } from "./hub/hub-backend.ts";
import { createChannel } from "./hub/channel.ts";
import { HubMember, type HubState } from "./hub/hub-member.ts";
import type { MemberPort, NodePort } from "./hub/messages.ts";
import { leaseTimes, type LeaseTimes } from "./lease.ts";

const checkMs = 100;

/** The place that several nodes on one machine share: leases, entries, claims and budgets, in the memory of a process. */
export class MemoryHub implements HubState {
  readonly clock: Clock;
  readonly members = new Map<NodeId, HubMember>();
  readonly #claims = new Map<string, NodeId>();
  readonly #budgets = new Map<string, TokenBuckets>();
  readonly #timer: Timer;

  constructor(clock: Clock) {
    this.clock = clock;
    this.#timer = clock.setInterval(() => this.#endLeases(), checkMs);
  }

  /**
   * Serves the node at the other end of the port. Returns the function to call when that node is known to be dead; its
   * lease then ends at once.
   */
  connect(port: MemberPort): () => void {
    const member = new HubMember(port, this);
    port.onMessage((message) => member.receive(message));
    return () => this.leave(member);
  }

  /** Joins a node of this process. */
  join(times: LeaseTimes = leaseTimes): Promise<ClusterNode> {
    const { near, far } = createChannel();
    this.connect(far);
    return joinHub(near, { clock: this.clock, times });
  }

  /** Ends all leases and stops. */
  close(): void {
    this.#timer.cancel();
    this.members.clear();
    this.#claims.clear();
  }

  enter(member: HubMember): void {
    // A node that has lost its lease comes back under its id: whatever it held before is gone.
    const former = this.members.get(member.nodeId);
    if (former) this.leave(former);
    for (const other of this.members.values()) {
      other.port.send({ type: "loaded", nodeId: member.nodeId, entries: member.allEntries() });
      member.port.send({ type: "loaded", nodeId: other.nodeId, entries: other.allEntries() });
    }
    this.members.set(member.nodeId, member);
  }

  leave(member: HubMember): void {
    if (this.members.get(member.nodeId) !== member) return;
    this.members.delete(member.nodeId);
    for (const [name, owner] of this.#claims) if (owner === member.nodeId) this.#claims.delete(name);
    for (const other of this.members.values()) other.port.send({ type: "gone", nodeId: member.nodeId });
  }

  claim(name: string, nodeId: NodeId): NodeId {
    const owner = this.#claims.get(name);
    if (owner !== undefined) return owner;
    this.#claims.set(name, nodeId);
    return nodeId;
  }

  release(name: string, nodeId: NodeId): void {
    if (this.#claims.get(name) === nodeId) this.#claims.delete(name);
  }

  take({ key, cost, ...budget }: Take): number {
    return this.#budget(budget).take(key, cost);
  }

  force({ key, cost, ...budget }: Take): number {
    return this.#budget(budget).force(key, cost);
  }

  refund({ key, ...budget }: Omit<Take, "cost">): void {
    this.#budget(budget).refund(key);
  }

  #budget({ budget: name, rate }: Pick<Take, "budget" | "rate">): TokenBuckets {
    const known = this.#budgets.get(name);
    if (known) {
      // Administrators may have set another one.
      known.rate = rate;
      return known;
    }
    const budget = new TokenBuckets(rate, this.clock);
    this.#budgets.set(name, budget);
    return budget;
  }

  #endLeases(): void {
    const now = this.clock.monotonic();
    for (const member of this.members.values()) if (member.leaseEndsAt <= now) this.leave(member);
  }
}

/** Joins the hub at the other end of the port. Rejects when it does not answer. */
export function joinHub(
  port: NodePort,
  { clock, times = leaseTimes, nodeId = newNodeId() }: { clock: Clock; times?: LeaseTimes; nodeId?: NodeId },
): Promise<ClusterNode> {
  const { leaseMs } = times;
  return ClusterNode.join({
    nodeId,
    clock,
    times,
    connect: (peers) => new HubBackend({ nodeId, clock, port, leaseMs }, peers),
  });
}
