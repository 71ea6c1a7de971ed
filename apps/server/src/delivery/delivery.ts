import type { MainEvent } from "@miscord/protocol";
import { isLocalTopic, type Bus, type Control, type Topic as TopicName, type TopicMessage } from "../bus/contract.ts";
import type { Batch } from "./batch.ts";
import type { Clock } from "../clock.ts";
import { flushIntervalMs, LoadMeter, throttledIntervalMs, type FlushSettings } from "./flush-policy.ts";
import { HiddenChannels } from "./hidden-channels.ts";
import type { JoinMarker } from "./join-marker.ts";
import { LatencyMarks } from "./latency.ts";
import type { ReplayBuffer } from "./replay-buffer.ts";
import type { DeliveryStats } from "./stats.ts";
import { ChannelOrders, type OrderOptions, type OrderStats } from "./channel-orders.ts";
import { Topic } from "./topic.ts";
import type { Writer } from "./writer.ts";

export interface DeliveryOptions {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly settings: FlushSettings;
  readonly stats: DeliveryStats;
  /** Meter that counts deliveries; pass one to share the node's load with other components. */
  readonly load?: LoadMeter;
  /** Milliseconds the log already delayed this event; subtracted from the flush interval. */
  readonly gatheredMs?: () => number;
  /** Called with the milliseconds from a message's arrival to its write to the last local recipient's socket. */
  readonly observeLatency?: (latencyMs: number) => void;
  /** Puts the events of channels in order, on a bus that may lose them or change their order. */
  readonly order?: OrderOptions;
  /** Schedules a flush at the end of the current turn of the event loop; `setImmediate` by default. */
  readonly endOfTurn?: (flush: () => void) => void;
}

const noDelay = () => 0;

export type ControlListener = (topic: TopicName, control: Control) => void;

/**
 * Writes the bus's events to this node's sockets. Nothing else writes events of a topic to a socket.
 *
 * Each subscriber of a topic receives each event at most once and in the bus's order, and the events of a channel's log
 * in the order of their positions (see channel-orders.ts for a bus that may lose some); transient events may be merged,
 * delayed or dropped (see priority.ts), and a connection that falls too far behind is closed. The first event after a
 * quiet time is written at the end of the turn of the event loop in which it arrived, later ones at most one flush
 * interval after they arrived.
 */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #topics = new Map<TopicName, Topic>();
  readonly #load: LoadMeter;
  readonly #controlListeners: ControlListener[] = [];
  /** Null when the bus keeps the order and loses nothing. */
  readonly #orders: ChannelOrders | null;
  #due: Topic[] = [];

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#load = options.load ?? new LoadMeter();
    const { order, clock } = options;
    const pass = (topic: Topic, event: MainEvent) => this.#pass(topic, event);
    this.#orders = order ? new ChannelOrders({ ...order, clock, topics: this.#topics, pass }) : null;
    options.bus.onPositions((positions) => this.#orders?.published(positions));
    options.bus.onMessage((name, message) => this.#receive(name, message));
  }

  /** Adds a listener for control messages of every topic that this node subscribes to; called synchronously. */
  onControl(listener: ControlListener): void {
    this.#controlListeners.push(listener);
  }

  /** Handles a message that is meant for this node alone, as if the bus had brought it. */
  receiveLocal(name: TopicName, message: TopicMessage): void {
    this.#receive(name, message);
  }

  /** True when no event can be missed between a subscription and its confirmation. */
  get isLocal(): boolean {
    return this.#options.bus.isLocal;
  }

  /**
   * Resolves once every event published from then on will be written to the writer; events may be written before it
   * resolves. Rejects when the bus cannot subscribe. Subscribing the same writer twice has no effect.
   */
  subscribe(name: TopicName, writer: Writer): Promise<void> {
    const topic = this.#open(name);
    topic.subscribe(writer);
    return this.#orders?.ready(topic) ?? topic.ready;
  }

  /** Removes the writer from the topic, its replay buffers and its join markers, which are cancelled. */
  unsubscribe(name: TopicName, writer: Writer): void {
    const topic = this.#topics.get(name);
    if (!topic) return;
    topic.remove(writer);
    this.#closeIfUnused(topic);
  }

  /** Appends the topic's events to the buffer from now on, until each of its writers is released or unsubscribed. */
  buffer(name: TopicName, buffer: ReplayBuffer): Promise<void> {
    const topic = this.#open(name);
    topic.buffers.add(buffer);
    return topic.ready;
  }

  /** Whether a join of the topic by the writer has not been answered yet. */
  isJoining(name: TopicName, writer: Writer): boolean {
    return this.#topics.get(name)?.isJoining(writer) ?? false;
  }

  /** Subscribes a writer of the buffer to the topic; does nothing when the writer was unsubscribed meanwhile. */
  release(name: TopicName, buffer: ReplayBuffer, writer: Writer): void {
    const topic = this.#topics.get(name);
    if (!topic || !topic.removeFromBuffer(buffer, writer)) return;
    if (!writer.closed) topic.subscribers.add(writer);
    this.#closeIfUnused(topic);
  }

  /** Tells the position of a channel that a query has found after the topic was subscribed to. */
  synced(channelId: number, seq: number): void {
    const topic = this.#topics.get(`channel:${channelId}`);
    if (topic) this.#orders?.synced(topic, seq);
  }

  /** Reads what may have been missed of every channel of this node, and passes it on. */
  async checkAll(): Promise<void> {
    await this.#orders?.checkAll();
  }

  /** To be called when the epoch has changed: positions may be given again, which would look like repetitions. */
  dataReplaced(): void {
    this.#orders?.dataReplaced();
  }

  /** Counts of events that were out of order or missing; null when the bus loses none. */
  get orderStats(): Readonly<OrderStats> | null {
    return this.#orders?.stats ?? null;
  }

  /** Keeps this node subscribed to the topic until the marker's writer is unsubscribed; buffers no events. */
  mark(name: TopicName, marker: JoinMarker): Promise<void> {
    const topic = this.#open(name);
    topic.addMarker(marker);
    return topic.ready;
  }

  /**
   * Observes the latency of the channel's message at `seq` once it is written to the last local recipient; does nothing
   * when the channel has no local subscriber. `arrivedAt` is on the monotonic clock.
   */
  timeMessage(channelId: number, seq: number, arrivedAt: number): void {
    const topic = this.#topics.get(`channel:${channelId}`);
    if (!topic) return;
    topic.latency ??= new LatencyMarks();
    if (topic.latency.add(seq, arrivedAt)) this.#observe(arrivedAt);
  }

  /** Tells the events of a topic that this node subscribes to until null is set, or the topic ends; then it is told null. */
  observe(name: TopicName, observer: ((event: MainEvent | null) => void) | null): void {
    const topic = this.#topics.get(name);
    if (topic) topic.observer = observer;
  }

  hasSubscribers(name: TopicName): boolean {
    return this.#topics.has(name);
  }

  get channelCount(): number {
    let count = 0;
    for (const name of this.#topics.keys()) if (name.startsWith("channel:")) count += 1;
    return count;
  }

  get topicCount(): number {
    return this.#topics.size;
  }

  /** Writes all pending normal events at once, before a planned stop. */
  flushAll(): void {
    for (const topic of this.#topics.values()) if (topic.pending.normalCount > 0) this.#markDue(topic);
    this.#flushDue();
  }

  /**
   * Writes the topic's pending normal events at once, before some of its subscribers lose the right to them. News of
   * channels that are now hidden from some of its subscribers stays away from it, until they are shown.
   */
  settle(
    name: TopicName,
    { hidden = [], shown = [] }: { hidden?: readonly number[]; shown?: readonly number[] } = {},
  ): void {
    const topic = this.#topics.get(name);
    if (!topic) return;
    if (hidden.length > 0 || topic.hidden) {
      const now = this.#options.clock.monotonic();
      const channels = (topic.hidden ??= new HiddenChannels());
      channels.hide(hidden, now);
      channels.show(shown);
      topic.pending.revise((event) => channels.withoutHidden(event, now));
    }
    if (topic.pending.normalCount === 0) return;
    this.#markDue(topic);
    this.#flushDue();
  }

  #open(name: TopicName): Topic {
    let topic = this.#topics.get(name);
    if (!topic) {
      topic = new Topic(name, this.#orders?.orderFor(name));
      this.#topics.set(name, topic);
      this.#subscribe(topic);
    } else if (topic.hasFailed) {
      this.#subscribe(topic);
    }
    return topic;
  }

  #subscribe(topic: Topic): void {
    if (isLocalTopic(topic.name)) return;
    const ready = this.#options.bus.subscribe(topic.name);
    topic.hasFailed = false;
    topic.ready = ready;
    ready.catch(() => {
      if (topic.ready === ready) topic.hasFailed = true;
    });
  }

  #closeIfUnused(topic: Topic): void {
    if (!topic.isUnused || this.#topics.get(topic.name) !== topic) return;
    topic.close();
    this.#topics.delete(topic.name);
    if (!isLocalTopic(topic.name)) this.#options.bus.unsubscribe(topic.name);
  }

  #receive(name: TopicName, message: TopicMessage): void {
    if (message.kind === "control") {
      for (const listener of this.#controlListeners) listener(name, message.control);
      return;
    }
    const topic = this.#topics.get(name);
    if (!topic) return;
    topic.observer?.(message.event);
    if (topic.order === null) this.#pass(topic, message.event);
    else this.#orders?.receive(topic, topic.order, message.event);
  }

  #pass(topic: Topic, event: MainEvent): void {
    if (topic.hidden?.isOver(this.#options.clock.monotonic())) topic.hidden = null;
    const passed = topic.hidden ? this.#forAllMembers(topic.hidden, event) : event;
    if (!passed) return;
    this.#options.stats.droppedLowPriority += topic.pending.add(passed);
    this.#schedule(topic);
  }

  /** What of a server's event all members may know. What is for the viewers of a hidden channel goes to them instead. */
  #forAllMembers(hidden: HiddenChannels, event: MainEvent): MainEvent | null {
    const now = this.#options.clock.monotonic();
    const channelId = hidden.channelOf(event, now);
    if (channelId === null) return hidden.withoutHidden(event, now);
    this.#receive(`viewers:${channelId}`, { kind: "event", event });
    return null;
  }

  #schedule(topic: Topic): void {
    if (topic.isDue) return;
    const { clock, settings, gatheredMs = noDelay } = this.#options;
    const now = clock.monotonic();
    const intervalMs = flushIntervalMs(this.#load.perSecond(now), settings.maxIntervalMs) - gatheredMs();
    const dueAt = topic.dueAt(now, intervalMs, settings.maxIntervalMs);
    if (dueAt <= now || topic.pending.normalCount >= settings.batchSize) return this.#markDue(topic);
    if (dueAt === Infinity || (topic.timer && topic.timer.at <= dueAt)) return;
    topic.timer?.handle.cancel();
    const onTime = () => {
      topic.timer = null;
      this.#markDue(topic);
    };
    topic.timer = { at: dueAt, handle: clock.setTimeout(onTime, Math.ceil(dueAt - now)) };
  }

  #markDue(topic: Topic): void {
    if (topic.isDue) return;
    topic.isDue = true;
    this.#due.push(topic);
    if (this.#due.length === 1) (this.#options.endOfTurn ?? setImmediate)(() => this.#flushDue());
  }

  /** Flushes all topics of this turn. With more than one, sockets are corked: one system call per socket. */
  #flushDue(): void {
    const due = this.#withCompanions(this.#due);
    this.#due = [];
    const corked: Writer[] | null = due.length > 1 ? [] : null;
    for (const topic of due) this.#flush(topic, corked);
    if (corked) for (const writer of corked) writer.uncork();
    // Throttled events may still be pending; they need a timer for the topic's next flush.
    for (const topic of due) if (!topic.isUnused) this.#schedule(topic);
  }

  /**
   * Nearly all who are subscribed to one topic of a server are to the other. When news of one are sent, those of the other go
   * along up to half of their interval early; from then on both have the same rhythm, and cost one write a socket, not two.
   */
  #withCompanions(due: readonly Topic[]): readonly Topic[] {
    const now = this.#options.clock.monotonic();
    const companions: Topic[] = [];
    for (const topic of due) {
      const name = companionOf(topic.name);
      const companion = name && topic.hasThrottledDue(now) ? this.#topics.get(name) : undefined;
      if (!companion?.hasThrottledDue(now, throttledIntervalMs(companion.subscribers.size) / 2)) continue;
      companion.isEarly = true;
      if (companion.isDue) continue;
      companion.isDue = true;
      companions.push(companion);
    }
    return companions.length > 0 ? [...due, ...companions] : due;
  }

  #flush(topic: Topic, corked: Writer[] | null): void {
    topic.isDue = false;
    topic.timer?.handle.cancel();
    topic.timer = null;
    const { clock, settings, stats } = this.#options;
    const now = clock.monotonic();
    const batch = topic.take(now, clock.now(), settings.batchSize);
    if (!batch) return;
    let hasRecipients = false;
    topic.broadcast(batch, { corked, filter: this.#filterFor(batch) }, (recipients, bytes) => {
      if (recipients === 0) return;
      if (!hasRecipients) {
        hasRecipients = true;
        stats.batchesSent += 1;
        stats.eventsBatched += batch.size;
      }
      this.#load.count(recipients * batch.size, now);
      stats.framesSent += recipients;
      stats.eventsSent += recipients * batch.size;
      if (topic.channelId !== null) stats.channels.add(topic.channelId, recipients * batch.size);
      stats.bytesSent += bytes;
    });
    topic.latency?.delivered(batch.maxSeq, (arrivedAt) => this.#observe(arrivedAt));
  }

  /** A batch of nothing but channel activity skips writers that are subscribed to each of these channels anyway. */
  #filterFor({ activityOf }: Batch): ((writer: Writer) => boolean) | null {
    if (!activityOf) return null;
    const channels = activityOf.map((channelId) => this.#topics.get(`channel:${channelId}`)?.subscribers);
    return (writer) => !channels.every((subscribers) => subscribers?.has(writer));
  }

  #observe(arrivedAt: number): void {
    this.#options.observeLatency?.(this.#options.clock.monotonic() - arrivedAt);
  }
}

/** The topic of the same server's other throttled events: activity, or presence. */
function companionOf(name: TopicName): TopicName | null {
  if (name.startsWith("server:")) return `presence:${Number(name.slice("server:".length))}`;
  return name.startsWith("presence:") ? `server:${Number(name.slice("presence:".length))}` : null;
}
