import type { Bus, BusMessage, Control, Topic as TopicName } from "../bus/contract.ts";
import type { Batch } from "./batch.ts";
import type { Clock } from "../clock.ts";
import { flushIntervalMs, LoadMeter, typingWaitMs, type FlushSettings } from "./flush-policy.ts";
import type { Hold } from "./replay-buffer.ts";
import { LatencyMarks } from "./latency.ts";
import type { DeliveryStats } from "./stats.ts";
import { Topic } from "./topic.ts";
import type { Writer } from "./writer.ts";

export interface DeliveryOptions {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly settings: FlushSettings;
  readonly stats: DeliveryStats;
  /** Where deliveries are counted, if others want to know as well. */
  readonly load?: LoadMeter;
  /** How long what arrives here was gathered before: so much less it gathers here. */
  readonly gatheredMs?: () => number;
  /** Milliseconds from a message's arrival to the hand-over to its last local recipient. */
  readonly observeLatency?: (latencyMs: number) => void;
  /** Runs at the end of the event loop's turn; immediate where nothing may gather. */
  readonly endOfTurn?: (flush: () => void) => void;
}

const ungathered = () => 0;

export type ControlListener = (topic: TopicName, control: Control) => void;

/**
 * Brings what the bus carries to this node's sockets; nothing else writes events to them.
 *
 * Events of a topic reach each of its subscribers once and in the order of the bus. The first event after a quiet
 * time leaves at the end of the turn it arose in, later ones at the latest one flush interval after they arose.
 */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #topics = new Map<TopicName, Topic>();
  readonly #load: LoadMeter;
  readonly #controlListeners: ControlListener[] = [];
  #due: Topic[] = [];

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#load = options.load ?? new LoadMeter();
    options.bus.onMessage((name, message) => this.#receive(name, message));
  }

  onControl(listener: ControlListener): void {
    this.#controlListeners.push(listener);
  }

  /** Resolves once events published from then on arrive. Events may arrive before it resolves. */
  subscribe(name: TopicName, writer: Writer): Promise<void> {
    const topic = this.#open(name);
    topic.audience.add(writer);
    return topic.ready;
  }

  unsubscribe(name: TopicName, writer: Writer): void {
    const topic = this.#topics.get(name);
    if (!topic) return;
    topic.audience.remove(writer);
    for (const hold of topic.holds) {
      if (hold.writers.delete(writer) && hold.writers.size === 0) topic.holds.delete(hold);
    }
    this.#leaveIfDeserted(topic);
  }

  /** What is said from now on gathers in the hold too, for its writers. */
  hold(name: TopicName, hold: Hold): Promise<void> {
    const topic = this.#open(name);
    topic.holds.add(hold);
    return topic.ready;
  }

  /** From now on the writer hears the topic live. */
  release(name: TopicName, hold: Hold, writer: Writer): void {
    const topic = this.#topics.get(name);
    if (!topic || !hold.writers.delete(writer)) return;
    if (!writer.closed) topic.audience.add(writer);
    if (hold.writers.size === 0) topic.holds.delete(hold);
    this.#leaveIfDeserted(topic);
  }

  /** Times the message at `seq` of the channel, if anybody here hears it. */
  timeMessage(channelId: number, seq: number, arrivedAt: number): void {
    const topic = this.#topics.get(`channel:${channelId}`);
    if (!topic) return;
    topic.latency ??= new LatencyMarks();
    if (topic.latency.add(seq, arrivedAt)) this.#observe(arrivedAt);
  }

  get channelCount(): number {
    let count = 0;
    for (const name of this.#topics.keys()) if (name.startsWith("channel:")) count += 1;
    return count;
  }

  get topicCount(): number {
    return this.#topics.size;
  }

  /** Everything that waits, at once: before a planned stop. */
  flushAll(): void {
    for (const topic of this.#topics.values()) if (topic.pending.normalCount > 0) this.#markDue(topic);
    this.#flushDue();
  }

  #open(name: TopicName): Topic {
    let topic = this.#topics.get(name);
    if (!topic) {
      topic = new Topic(name, this.#options.bus.subscribe(name));
      this.#topics.set(name, topic);
    }
    return topic;
  }

  #leaveIfDeserted(topic: Topic): void {
    if (!topic.isDeserted || this.#topics.get(topic.name) !== topic) return;
    topic.timer?.handle.cancel();
    this.#topics.delete(topic.name);
    this.#options.bus.unsubscribe(topic.name);
  }

  #receive(name: TopicName, message: BusMessage): void {
    if (message.kind === "control") {
      for (const listener of this.#controlListeners) listener(name, message.control);
      return;
    }
    const topic = this.#topics.get(name);
    if (!topic) return;
    this.#options.stats.droppedLowPriority += topic.pending.add(message.event);
    this.#schedule(topic);
  }

  #schedule(topic: Topic): void {
    if (topic.isDue) return;
    const { clock, settings, gatheredMs = ungathered } = this.#options;
    const now = clock.monotonic();
    const intervalMs = flushIntervalMs(this.#load.perSecond(now), settings.maxIntervalMs) - gatheredMs();
    const dueAt = topic.dueAt(now, intervalMs, typingWaitMs(settings.maxIntervalMs));
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

  /** One pass over all topics of the turn. With more than one, sockets are corked: one system call for each socket. */
  #flushDue(): void {
    const due = this.#due;
    this.#due = [];
    const corked: Writer[] | null = due.length > 1 ? [] : null;
    for (const topic of due) this.#flush(topic, corked);
    if (corked) for (const writer of corked) writer.uncork();
    // What may not leave yet (presence within its second) needs its next waking.
    for (const topic of due) if (!topic.isDeserted) this.#schedule(topic);
  }

  #flush(topic: Topic, corked: Writer[] | null): void {
    topic.isDue = false;
    topic.timer?.handle.cancel();
    topic.timer = null;
    const { clock, settings, stats } = this.#options;
    const now = clock.monotonic();
    const batch = topic.take(now, clock.now(), settings.batchSize);
    if (!batch) return;
    let isHeard = false;
    topic.deliver(batch, { corked, isNews: this.#newsOf(batch) }, (recipients, bytes) => {
      if (recipients === 0) return;
      if (!isHeard) {
        isHeard = true;
        stats.batchesSent += 1;
        stats.eventsBatched += batch.size;
      }
      this.#load.count(recipients * batch.size, now);
      stats.framesSent += recipients;
      stats.eventsSent += recipients * batch.size;
      stats.bytesSent += bytes;
    });
    topic.latency?.delivered(batch.maxSeq, (arrivedAt) => this.#observe(arrivedAt));
  }

  /** Whoever hears the channels themselves needs no word of their activity. */
  #newsOf({ activityOf }: Batch): ((writer: Writer) => boolean) | null {
    if (!activityOf) return null;
    const heard = activityOf.map((channelId) => this.#topics.get(`channel:${channelId}`)?.audience);
    return (writer) => !heard.every((audience) => audience?.has(writer));
  }

  #observe(arrivedAt: number): void {
    this.#options.observeLatency?.(this.#options.clock.monotonic() - arrivedAt);
  }
}
