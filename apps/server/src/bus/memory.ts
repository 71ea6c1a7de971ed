import { nodeId } from "../node-id.ts";
import { createBusStats, type Bus, type BusListener, type BusMessage, type Direct, type Topic } from "./contract.ts";

/** Bus of a single node. Calls the listener synchronously within `publish`. */
export class MemoryBus implements Bus {
  readonly isLocal = true;
  readonly stats = createBusStats();
  readonly #ownTopic: Topic;
  readonly #topics = new Set<Topic>();
  readonly #directListeners: ((direct: Direct) => void)[] = [];
  readonly #gapListeners: (() => void)[] = [];
  #listener: BusListener = () => {};
  #closed = false;

  constructor(id = nodeId) {
    this.#ownTopic = `node:${id}`;
  }

  publish(topic: Topic, message: BusMessage): void {
    if (message.kind === "direct") this.#receive(topic, message.direct);
    else if (this.#topics.has(topic)) this.#listener(topic, message);
  }

  subscribe(topic: Topic): Promise<void> {
    if (!this.#closed) this.#topics.add(topic);
    return Promise.resolve();
  }

  unsubscribe(topic: Topic): void {
    this.#topics.delete(topic);
  }

  onMessage(listener: BusListener): void {
    this.#listener = listener;
  }

  onDirect(listener: (direct: Direct) => void): void {
    this.#directListeners.push(listener);
  }

  /** A single node misses nothing that was published. */
  onGap(listener: () => void): void {
    this.#gapListeners.push(listener);
  }

  announceGap(): void {
    if (this.#closed) return;
    this.stats.gaps += 1;
    for (const listener of this.#gapListeners) listener();
  }

  /** There is no other node: the listener is never called. */
  onPositions(_listener: (positions: ReadonlyMap<number, number>) => void): void {}

  ping(): Promise<void> {
    return this.#closed ? Promise.reject(new Error("The bus is closed.")) : Promise.resolve();
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#topics.clear();
    return Promise.resolve();
  }

  #receive(topic: Topic, direct: Direct): void {
    if (topic !== this.#ownTopic || this.#closed) return;
    for (const listener of this.#directListeners) listener(direct);
  }
}
