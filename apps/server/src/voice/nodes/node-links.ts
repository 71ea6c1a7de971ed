import { randomUUID } from "node:crypto";
import type { Clock, Timer } from "../../clock.ts";
import type { NodeId } from "../../cluster/contract.ts";

/** How often a link in use sends a message of its own, so that the loss of the last message before it is noticed. */
const pingMs = 1_500;

/** What one node sends another at once. */
export interface NodeBatch<Message> {
  from: NodeId;
  /** Random id of the sender's end; a new one starts its numbers anew. */
  link: string;
  /** Counts the batches of the link from 1. */
  number: number;
  messages: (Message | OfLink)[];
}

/** `ping` is answered by `pong`; both carry the number of the batch only. */
type OfLink = { kind: "ping" } | { kind: "pong" };

/** Carries batches between nodes: at most once, those of one sender in order. */
export interface NodeTransport<Message> {
  send(nodeId: NodeId, batch: NodeBatch<Message>): void;
  onBatch(listener: (batch: NodeBatch<Message>) => void): void;
}

export interface NodeLinksOptions<Message> {
  readonly nodeId: NodeId;
  readonly clock: Clock;
  /** Sends to another node: at most once, in order. */
  send(nodeId: NodeId, batch: NodeBatch<Message>): void;
  receive(from: NodeId, message: Message): void;
  /** Messages of that node were lost. Called before `receive` gets the next one. */
  lost(from: NodeId): void;
  /** The nodes with which this one has to do, such as those that share a room with it. */
  inUse(): Iterable<NodeId>;
}

/**
 * Messages between this node and the others, over a bus that may lose some. Batches are numbered, so the receiver
 * notices a loss with the next batch, at the latest that of a ping.
 */
export class NodeLinks<Message extends { kind: string }> {
  readonly #options: NodeLinksOptions<Message>;
  readonly #outgoing = new Map<NodeId, Outgoing<Message>>();
  readonly #incoming = new Map<NodeId, { link: string; number: number }>();
  #pings: Timer | null = null;

  constructor(options: NodeLinksOptions<Message>) {
    this.#options = options;
  }

  /** Messages of one turn of the event loop are sent as one batch. */
  post(nodeId: NodeId, message: Message | OfLink): void {
    this.#outgoingTo(nodeId).waiting.push(message);
  }

  /** The last message that waits to be sent to the node. */
  lastWaiting(nodeId: NodeId): Message | OfLink | undefined {
    return this.#outgoing.get(nodeId)?.waiting.at(-1);
  }

  receive({ from, link, number, messages }: NodeBatch<Message>): void {
    const known = this.#incoming.get(from);
    const last = known?.link === link ? known.number : 0;
    if (number <= last) return;
    this.#incoming.set(from, { link, number });
    this.#keepPinging();
    if (number > last + 1) this.#options.lost(from);
    for (const message of messages) {
      if (isOfLink(message)) {
        if (message.kind === "ping") this.post(from, { kind: "pong" });
      } else {
        this.#options.receive(from, message);
      }
    }
  }

  /** The node is gone; if it comes back, its link starts anew. */
  forget(nodeId: NodeId): void {
    this.#outgoing.delete(nodeId);
    this.#incoming.delete(nodeId);
  }

  close(): void {
    this.#pings?.cancel();
    this.#pings = null;
  }

  #outgoingTo(nodeId: NodeId): Outgoing<Message> {
    this.#keepPinging();
    const known: Outgoing<Message> = this.#outgoing.get(nodeId) ?? { link: randomUUID(), number: 0, waiting: [] };
    this.#outgoing.set(nodeId, known);
    if (known.waiting.length === 0) queueMicrotask(() => this.#flush(nodeId, known));
    return known;
  }

  #flush(nodeId: NodeId, outgoing: Outgoing<Message>): void {
    const messages = outgoing.waiting;
    outgoing.waiting = [];
    outgoing.number += 1;
    const { link, number } = outgoing;
    this.#options.send(nodeId, { from: this.#options.nodeId, link, number, messages });
  }

  #keepPinging(): void {
    this.#pings ??= this.#options.clock.setInterval(() => {
      for (const nodeId of this.#options.inUse()) this.post(nodeId, { kind: "ping" });
    }, pingMs);
  }
}

interface Outgoing<Message> {
  readonly link: string;
  number: number;
  waiting: (Message | OfLink)[];
}

function isOfLink(message: { kind: string }): message is OfLink {
  return message.kind === "ping" || message.kind === "pong";
}
