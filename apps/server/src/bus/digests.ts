import type { Clock, Timer } from "../clock.ts";
import type { NodeId } from "../cluster/contract.ts";
import type { BusMessage } from "./contract.ts";
import { positionOf } from "./position-of.ts";

const everyMs = 1_000;
/** Above this many channels a digest names none, and the other nodes check all of theirs. */
const maxPositions = 10_000;
/** Nodes whose running number is remembered. */
const maxNodes = 1_000;

/** What a node has published in the last second. */
interface Digest {
  /** Running number of the node's digests. */
  n: number;
  /** Messages of the node were lost since the digest before. */
  lost: boolean;
  /** Latest position by channel id. */
  positions: Record<string, number>;
}

export interface DigestsOptions {
  readonly clock: Clock;
  readonly send: (json: string) => void;
  readonly onGap: () => void;
  readonly onPositions: (positions: ReadonlyMap<number, number>) => void;
}

/**
 * Reveals messages that were lost on the way: every second a node sends the positions that it has published, with a
 * running number, also when there are none. A receiver that misses a number has missed messages.
 */
export class Digests {
  readonly #options: DigestsOptions;
  readonly #timer: Timer;
  readonly #lastNumbers = new Map<NodeId, number>();
  #positions = new Map<number, number>();
  #n = 0;

  constructor(options: DigestsOptions) {
    this.#options = options;
    this.#timer = options.clock.setInterval(() => this.#send(this.#positions.size > maxPositions), everyMs);
  }

  /** Notes a message that this node publishes. */
  published(message: BusMessage): void {
    if (message.kind !== "event") return;
    const seq = positionOf(message.event);
    if (seq === 0 || !("channel_id" in message.event)) return;
    const { channel_id: channelId } = message.event;
    if (seq > (this.#positions.get(channelId) ?? 0)) this.#positions.set(channelId, seq);
  }

  /** Announces that messages of this node were lost. */
  sendsLost(): void {
    this.#send(true);
  }

  /** This node missed messages of others, digests among them. */
  interrupted(): void {
    this.#lastNumbers.clear();
  }

  receive(nodeId: NodeId, digest: unknown): void {
    if (!isDigest(digest)) return;
    const last = this.#lastNumbers.get(nodeId);
    this.#remember(nodeId, digest.n);
    if (digest.lost || (last !== undefined && digest.n !== last + 1)) return this.#options.onGap();
    const positions = Object.entries(digest.positions).map(([id, seq]) => [Number(id), seq] as const);
    if (positions.length > 0) this.#options.onPositions(new Map(positions));
  }

  stop(): void {
    this.#timer.cancel();
  }

  #send(lost: boolean): void {
    this.#n += 1;
    const positions = lost ? {} : Object.fromEntries(this.#positions);
    this.#positions = new Map();
    this.#options.send(JSON.stringify({ n: this.#n, lost, positions } satisfies Digest));
  }

  #remember(nodeId: NodeId, n: number): void {
    this.#lastNumbers.delete(nodeId);
    this.#lastNumbers.set(nodeId, n);
    if (this.#lastNumbers.size > maxNodes) this.#lastNumbers.delete(this.#lastNumbers.keys().next().value!);
  }
}

function isDigest(value: unknown): value is Digest {
  const { n, positions } = (value ?? {}) as Partial<Digest>;
  return typeof n === "number" && typeof positions === "object" && positions !== null;
}
