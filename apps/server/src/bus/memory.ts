import type { Bus, BusListener, BusMessage, Topic } from "./contract.ts";

/** Bus of a single node. Calls the listener synchronously within `publish`. */
export class MemoryBus implements Bus {
  readonly #topics = new Set<Topic>();
  #listener: BusListener = () => {};
  #closed = false;

  publish(topic: Topic, message: BusMessage): void {
    if (this.#topics.has(topic)) this.#listener(topic, message);
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

  ping(): Promise<void> {
    return this.#closed ? Promise.reject(new Error("The bus is closed.")) : Promise.resolve();
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#topics.clear();
    return Promise.resolve();
  }
}
