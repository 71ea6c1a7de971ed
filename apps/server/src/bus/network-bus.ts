import type { MainEvent } from "@miscord/protocol";
import type { Clock, Timer } from "../clock.ts";
import type { NodeId } from "../cluster/contract.ts";
import { createBusStats, type Bus, type BusListener, type BusMessage, type Direct, type Topic } from "./contract.ts";
import { Digests } from "./digests.ts";
import type { BusTransport, TransportChannel } from "./transport.ts";

export interface NetworkBusOptions {
  readonly nodeId: NodeId;
  readonly clock: Clock;
  /** Sends what was collected at the end of the current turn of the event loop; `setImmediate` by default. */
  readonly endOfTurn?: (send: () => void) => void;
  /** Receives what went wrong with a text of another node; the text, or one message of it, is dropped. */
  readonly onError?: (error: unknown) => void;
}

/** Events that clients get with a delay anyway. Each text wakes every node that subscribes, so they go together. */
const patient: ReadonlySet<MainEvent["type"]> = new Set([
  "typing",
  "channel_activity",
  "user_joined_channel",
  "user_left_channel",
  "voice_speaking",
]);
/** How long a patient event waits for others, or for an event that does not wait. */
const patienceMs = 25;

/**
 * A `Bus` over a transport that may lose texts. This node's own subscribers receive its messages within `publish`, as on
 * the bus of a single node. For other nodes the messages of one turn of the event loop are collected: one text for each
 * topic.
 */
export class NetworkBus implements Bus {
  readonly isLocal = false;
  readonly stats = createBusStats();
  readonly #options: NetworkBusOptions;
  readonly #transport: BusTransport;
  readonly #digests: Digests;
  readonly #ownTopic: Topic;
  /** First word of this node's texts. */
  readonly #sender: string;
  readonly #topics = new Set<Topic>();
  readonly #directListeners: ((direct: Direct) => void)[] = [];
  readonly #gapListeners: (() => void)[] = [];
  readonly #positionListeners: ((positions: ReadonlyMap<number, number>) => void)[] = [];
  #listener: BusListener = () => {};
  #collected = new Map<Topic, BusMessage[]>();
  #isSendDue = false;
  /** Something that was collected does not wait. */
  #isUrgent = false;
  #timer: Timer | null = null;
  #closed = false;

  private constructor(transport: BusTransport, options: NetworkBusOptions) {
    this.#transport = transport;
    this.#options = options;
    this.#ownTopic = `node:${options.nodeId}`;
    this.#sender = `${options.nodeId} `;
    this.#digests = new Digests({
      clock: options.clock,
      send: (json) => transport.send("nodes", this.#sender + json, true),
      onGap: () => this.#gap(),
      onPositions: (positions) => {
        for (const listener of this.#positionListeners) listener(positions);
      },
    });
    transport.listen({
      onText: (channel, text) => this.#receive(channel, text),
      onInterrupted: () => this.#interrupted(),
      onSendsLost: (batches) => this.#sendsLost(batches),
    });
  }

  /** Resolves once the node receives digests and direct messages. */
  static async open(transport: BusTransport, options: NetworkBusOptions): Promise<NetworkBus> {
    const bus = new NetworkBus(transport, options);
    await Promise.all([transport.subscribe("nodes"), transport.subscribe(bus.#ownTopic)]);
    return bus;
  }

  publish(topic: Topic, message: BusMessage): void {
    if (this.#closed) return;
    if (topic !== this.#ownTopic) this.#collect(topic, message);
    this.#deliver(topic, message);
  }

  async subscribe(topic: Topic): Promise<void> {
    if (this.#closed) return;
    this.#topics.add(topic);
    await this.#transport.subscribe(topic);
  }

  unsubscribe(topic: Topic): void {
    if (this.#topics.delete(topic) && topic !== this.#ownTopic) this.#transport.unsubscribe(topic);
  }

  onMessage(listener: BusListener): void {
    this.#listener = listener;
  }

  onDirect(listener: (direct: Direct) => void): void {
    this.#directListeners.push(listener);
  }

  onGap(listener: () => void): void {
    this.#gapListeners.push(listener);
  }

  announceGap(): void {
    if (this.#closed) return;
    this.#digests.sendsLost();
    this.#gap();
  }

  onPositions(listener: (positions: ReadonlyMap<number, number>) => void): void {
    this.#positionListeners.push(listener);
  }

  async ping(): Promise<void> {
    if (this.#closed) throw new Error("The bus is closed.");
    this.stats.latencyMs = null;
    this.stats.latencyMs = await this.#transport.ping();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#send();
    this.#closed = true;
    this.#topics.clear();
    this.#digests.stop();
    await this.#transport.close();
  }

  #collect(topic: Topic, message: BusMessage): void {
    this.#digests.published(message);
    if (message.kind === "control") return this.#sendAlone(topic, message);
    const messages = this.#collected.get(topic);
    if (messages) messages.push(message);
    else this.#collected.set(topic, [message]);
    const isPatient = message.kind === "event" && patient.has(message.event.type);
    if (!isPatient) this.#isUrgent = true;
    if (this.#isSendDue) return;
    if (isPatient && !this.#transport.gathers) {
      this.#timer ??= this.#options.clock.setTimeout(() => this.#send(), patienceMs);
      return;
    }
    this.#isSendDue = true;
    (this.#options.endOfTurn ?? setImmediate)(() => this.#send());
  }

  /** Keeps a control message's place among all messages of this node (B4). */
  #sendAlone(topic: Topic, message: BusMessage): void {
    this.#send();
    this.#transport.send(topic, this.#sender + JSON.stringify([message]), false);
  }

  #send(): void {
    const isPatient = !this.#isUrgent;
    this.#isSendDue = false;
    this.#isUrgent = false;
    this.#timer?.cancel();
    this.#timer = null;
    if (this.#collected.size === 0) return;
    const collected = this.#collected;
    this.#collected = new Map();
    for (const [topic, messages] of collected) {
      this.#transport.send(topic, this.#sender + JSON.stringify(messages), isPatient);
    }
  }

  #receive(channel: TransportChannel, text: string): void {
    // Its own messages were delivered within `publish`.
    if (this.#closed || text.startsWith(this.#sender)) return;
    const space = text.indexOf(" ");
    const value = parse(text.slice(space + 1));
    if (channel === "nodes") return this.#apply(() => this.#digests.receive(text.slice(0, space), value));
    if (!Array.isArray(value)) return;
    for (const message of value as BusMessage[]) this.#apply(() => this.#deliver(channel, message));
  }

  /** Nodes trust each other, but what one cannot make sense of must not end its process, and with it all others. */
  #apply(receive: () => void): void {
    try {
      receive();
    } catch (error) {
      this.#options.onError?.(error);
    }
  }

  #deliver(topic: Topic, message: BusMessage): void {
    if (message.kind === "direct") {
      if (topic === this.#ownTopic) for (const listener of this.#directListeners) listener(message.direct);
    } else if (this.#topics.has(topic)) {
      this.#listener(topic, message);
    }
  }

  #interrupted(): void {
    this.stats.reconnections += 1;
    this.#digests.interrupted();
    this.#gap();
  }

  #sendsLost(batches: number): void {
    this.stats.lostBatches += batches;
    if (!this.#closed) this.#digests.sendsLost();
  }

  #gap(): void {
    if (this.#closed) return;
    this.stats.gaps += 1;
    for (const listener of this.#gapListeners) listener();
  }
}

/** Undefined for a text that no version of the server sends. */
function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
