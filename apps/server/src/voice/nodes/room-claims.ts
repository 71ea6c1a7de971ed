import type { Clock } from "../../clock.ts";
import type { Cluster, NodeId } from "../../cluster/contract.ts";

const retryMs = 100;

/** Which node is the home of a voice room: the one that owns the room's claim. */
export class RoomClaims {
  readonly #cluster: Cluster;
  readonly #clock: Clock;
  /** Claims that are not answered yet, by channel: two answers and a release between them could contradict each other. */
  readonly #pending = new Map<number, Promise<NodeId>>();

  constructor(cluster: Cluster, clock: Clock) {
    this.#cluster = cluster;
    this.#clock = clock;
  }

  /** Whether this node is the room's home now. */
  owns(channelId: number): boolean {
    return this.#cluster.owns(nameOf(channelId));
  }

  /** The home of the room, which is this node when there was none; null when the nodes cannot agree on one now. */
  async homeOf(channelId: number): Promise<NodeId | null> {
    if (this.owns(channelId)) return this.#cluster.nodeId;
    const pending = this.#pending.get(channelId) ?? this.#claim(channelId);
    return pending.catch(() => null);
  }

  release(channelId: number): void {
    // A claim that could not be released ends with the lease.
    if (this.owns(channelId)) this.#cluster.release(nameOf(channelId)).catch(() => {});
  }

  /** Resolves when a claim that failed may be tried again. */
  pause(): Promise<void> {
    return new Promise((resolve) => void this.#clock.setTimeout(resolve, retryMs));
  }

  #claim(channelId: number): Promise<NodeId> {
    const claim = this.#cluster.claim(nameOf(channelId)).finally(() => this.#pending.delete(channelId));
    this.#pending.set(channelId, claim);
    return claim;
  }
}

function nameOf(channelId: number): string {
  return `voice:${channelId}`;
}
