import type { Clock } from "../clock.ts";
import type { NodeId } from "../cluster/contract.ts";
import { TopicRouter } from "./topic-router.ts";
import type { BusTransport, TransportChannel, TransportListener } from "./transport.ts";

/** Faults of the way from one node to another, chosen for each text. */
export interface HubFaults {
  isLost(from: NodeId, to: NodeId, channel: TransportChannel): boolean;
  /** Milliseconds on the way. Texts between two nodes never overtake each other; texts of different senders may. */
  delayMs(from: NodeId, to: NodeId): number;
}

const noFaults: HubFaults = { isLost: () => false, delayMs: () => 0 };

/** Joins nodes within one process, asynchronously like a network. Tests lose and delay texts, and interrupt nodes. */
export class MemoryHub {
  readonly router = new TopicRouter<HubLink>();
  readonly clock: Clock;
  faults: HubFaults = noFaults;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  connect(nodeId: NodeId): HubLink {
    return new HubLink(this, nodeId);
  }
}

/** One node's connection to the hub. */
export class HubLink implements BusTransport {
  readonly nodeId: NodeId;
  readonly #hub: MemoryHub;
  /** Texts on their way here, by sender and in order; timers that are due together may run in another order. */
  readonly #onTheWay = new Map<NodeId, [channel: TransportChannel, text: string][]>();
  #listener: TransportListener | null = null;
  #isInterrupted = false;
  #closed = false;
  #lostSends = 0;

  constructor(hub: MemoryHub, nodeId: NodeId) {
    this.#hub = hub;
    this.nodeId = nodeId;
  }

  send(channel: TransportChannel, text: string): void {
    if (this.#closed) return;
    if (this.#isInterrupted) this.#lostSends += 1;
    else for (const link of this.#hub.router.linksOf(channel)) this.#sendTo(link, channel, text);
  }

  async subscribe(channel: TransportChannel): Promise<void> {
    if (this.#closed) return;
    if (this.#isInterrupted) throw new Error("The node is not connected.");
    this.#hub.router.subscribe(this, channel);
    await Promise.resolve();
  }

  unsubscribe(channel: TransportChannel): void {
    this.#hub.router.unsubscribe(this, channel);
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
  }

  ping(): Promise<number> {
    if (this.#closed || this.#isInterrupted) return Promise.reject(new Error("The node is not connected."));
    return Promise.resolve(0);
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#hub.router.remove(this);
    return Promise.resolve();
  }

  /** Loses all texts from and to this node until `restore`. */
  interrupt(): void {
    this.#isInterrupted = true;
  }

  restore(): void {
    if (!this.#isInterrupted) return;
    this.#isInterrupted = false;
    const lost = this.#lostSends;
    this.#lostSends = 0;
    this.#listener?.onInterrupted();
    if (lost > 0) this.#listener?.onSendsLost(lost);
  }

  #sendTo(link: HubLink, channel: TransportChannel, text: string): void {
    const { faults, clock } = this.#hub;
    if (link === this || faults.isLost(this.nodeId, link.nodeId, channel)) return;
    const texts = link.#onTheWay.get(this.nodeId) ?? [];
    link.#onTheWay.set(this.nodeId, texts);
    texts.push([channel, text]);
    clock.setTimeout(() => link.#receive(...texts.shift()!), faults.delayMs(this.nodeId, link.nodeId));
  }

  #receive(channel: TransportChannel, text: string): void {
    if (!this.#isInterrupted && !this.#closed) this.#listener?.onText(channel, text);
  }
}
