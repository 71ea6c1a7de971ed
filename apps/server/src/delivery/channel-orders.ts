import type { ChannelEvent, MainEvent, Message } from "@miscord/protocol";
import type { Topic as TopicName } from "../bus/contract.ts";
import { positionOf } from "../bus/position-of.ts";
import type { Clock } from "../clock.ts";
import { Semaphore } from "../concurrency/semaphore.ts";
import { ChannelOrder } from "./channel-order.ts";
import { replayable, replayOf, type Changes, type ChangesSince, type ReplayLimits } from "./replay.ts";
import type { Topic } from "./topic.ts";

/** How long an event may wait for those before it: two nodes that publish at once are no further apart. */
const holdMs = 50;
const retryMs = 1_000;
/** Gaps that are read at the same time; the store serves joins and commands too. */
const readsAtOnce = 4;
/** Channels whose positions are read by one query. */
const positionsAtOnce = 500;

export interface OrderOptions {
  readonly changesSince: ChangesSince;
  /** Present positions by channel id; channels that no longer exist are absent. */
  readonly positions: (channelIds: readonly number[]) => Promise<ReadonlyMap<number, number>>;
  readonly limits: ReplayLimits;
}

/** Counts since the start of the node. */
export interface OrderStats {
  /** Events that arrived before their turn. */
  held: number;
  /** Events that had been passed on before. */
  repeated: number;
  /** Gaps that were read from the store. */
  gapsRead: number;
  /** Gaps too large to be read: the clients joined again. */
  gapsTooLarge: number;
}

interface Options extends OrderOptions {
  readonly clock: Clock;
  readonly topics: ReadonlyMap<TopicName, Topic>;
  readonly pass: (topic: Topic, event: MainEvent) => void;
}

/**
 * Passes the events of each channel on in the order of their positions, each once, on a bus that may lose them or change
 * their order. An event that comes too early waits; when those before it do not follow, they are read from the store,
 * once for all subscribers of the node. The state of the changed messages takes the place of the missing events, so
 * positions may be skipped: `after_seq` then names the one before.
 */
export class ChannelOrders {
  readonly stats: OrderStats = { held: 0, repeated: 0, gapsRead: 0, gapsTooLarge: 0 };
  readonly #options: Options;
  readonly #reads = new Semaphore(readsAtOnce);

  constructor(options: Options) {
    this.#options = options;
  }

  orderFor(name: TopicName): ChannelOrder | null {
    return name.startsWith("channel:") ? new ChannelOrder(Number(name.slice("channel:".length))) : null;
  }

  receive(topic: Topic, order: ChannelOrder, event: MainEvent): void {
    const seq = positionOf(event);
    if (seq === 0) return this.#options.pass(topic, event);
    if (order.take(seq)) {
      this.#options.pass(topic, event);
      if (order.isHolding) this.#passHeld(topic, order);
    } else if (order.hold(event as ChannelEvent)) {
      this.stats.held += 1;
      this.#readLater(topic, order);
    } else {
      this.stats.repeated += 1;
    }
  }

  /** Resolves once the topic is subscribed to and events of a channel are passed on from then on. */
  async ready(topic: Topic): Promise<void> {
    await topic.ready;
    const { order } = topic;
    if (order === null || order.isKnown) return;
    const { seq } = await this.#options.changesSince(order.channelId, Number.MAX_SAFE_INTEGER, 0);
    this.synced(topic, seq);
  }

  /** A query that began after the topic was subscribed to has found the channel at `seq`. */
  synced(topic: Topic, seq: number): void {
    const { order } = topic;
    if (order === null) return;
    order.exists(seq);
    if (order.isKnown) return this.#readLater(topic, order);
    order.advance(seq);
    this.#passHeld(topic, order);
    if (order.isDoubtful) void this.#read(topic, order);
    else this.#readLater(topic, order);
  }

  /** Positions that other nodes have published, by channel id. */
  published(positions: ReadonlyMap<number, number>): void {
    for (const [channelId, seq] of positions) {
      const topic = this.#options.topics.get(`channel:${channelId}`);
      if (!topic?.order) continue;
      topic.order.exists(seq);
      this.#readLater(topic, topic.order);
    }
  }

  /** Any event may have been missed: compares every channel with the store. Rejects when the store fails. */
  async checkAll(): Promise<void> {
    const channels = this.#channels();
    for (const { order } of channels) order.isDoubtful = !order.isKnown;
    for (let start = 0; start < channels.length; start += positionsAtOnce) {
      const some = channels.slice(start, start + positionsAtOnce);
      const positions = await this.#options.positions(some.map(({ order }) => order.channelId));
      for (const { topic, order } of some) {
        order.exists(positions.get(order.channelId) ?? 0);
        if (order.isBehind) void this.#read(topic, order);
      }
    }
  }

  /** The store has other data than before, and may have come less far: finds where every channel stands now. */
  dataReplaced(): void {
    for (const { topic, order } of this.#channels()) if (order.isKnown) void this.#read(topic, order);
  }

  #channels(): { topic: Topic; order: ChannelOrder }[] {
    return [...this.#options.topics.values()].flatMap((topic) =>
      topic.order === null ? [] : [{ topic, order: topic.order }],
    );
  }

  #passHeld(topic: Topic, order: ChannelOrder): void {
    for (let event = order.takeHeld(); event !== null; event = order.takeHeld()) this.#options.pass(topic, event);
  }

  /** Reads the gap unless the missing events arrive in time. */
  #readLater(topic: Topic, order: ChannelOrder, delayMs = holdMs): void {
    if (!order.isBehind || order.isReading || order.timer !== null || order.isClosed) return;
    const onTime = () => {
      order.timer = null;
      if (order.isBehind) void this.#read(topic, order);
    };
    order.timer = this.#options.clock.setTimeout(onTime, delayMs);
  }

  async #read(topic: Topic, order: ChannelOrder): Promise<void> {
    if (order.isReading) return;
    order.isReading = true;
    let isRead = false;
    try {
      await this.#reads.run(async () => (order.isClosed ? undefined : this.#readGap(topic, order)));
      isRead = true;
    } catch {
      // The circuit breaker counts failures of the store.
    }
    order.isReading = false;
    if (!isRead) order.isDoubtful = true;
    if (order.isBehind || order.isDoubtful) this.#readAgain(topic, order, isRead ? holdMs : retryMs);
  }

  #readAgain(topic: Topic, order: ChannelOrder, delayMs: number): void {
    if (order.isClosed) return;
    order.timer?.cancel();
    const onTime = () => {
      order.timer = null;
      void this.#read(topic, order);
    };
    order.timer = this.#options.clock.setTimeout(onTime, delayMs);
  }

  async #readGap(topic: Topic, order: ChannelOrder): Promise<void> {
    const { changesSince, limits } = this.#options;
    order.isDoubtful = false;
    const found = await changesSince(order.channelId, order.position, limits.messages, limits.bytes);
    if (order.isClosed) return;
    order.exists(found.seq);
    const changes = replayable(found, limits);
    if (changes) this.#pass(topic, order, { seq: found.seq, changes });
    else if (found.seq < order.position) order.restart(found.seq);
    else await this.#passLast(topic, order, found.seq);
  }

  #pass(topic: Topic, order: ChannelOrder, { seq, changes }: { seq: number; changes: readonly Message[] }): void {
    if (seq <= order.position) return;
    this.stats.gapsRead += 1;
    const start = order.position;
    // Some of the missing events may have arrived during the query.
    const missing = changes.filter((message) => message.updated_seq > start);
    let previous = start;
    for (const event of replayOf(missing, start)) {
      const isNext = event.seq === previous + 1;
      this.#options.pass(topic, isNext ? event : { ...event, after_seq: previous });
      previous = event.seq;
    }
    order.advance(seq);
    this.#passHeld(topic, order);
  }

  /**
   * Passes on only the latest change of a gap that is too large to be replayed. Every client notices the gap and joins
   * again from its own position, as after a long time offline.
   */
  async #passLast(topic: Topic, order: ChannelOrder, seq: number): Promise<void> {
    const { changesSince, limits } = this.#options;
    this.stats.gapsTooLarge += 1;
    const latest: Changes = await changesSince(order.channelId, seq - 1, limits.messages);
    if (order.isClosed || latest.seq <= order.position) return;
    for (const event of replayOf(latest.changes ?? [], seq - 1)) {
      if (event.seq > order.position) this.#options.pass(topic, event);
    }
    order.advance(latest.seq);
    this.#passHeld(topic, order);
  }
}
