import type { MainEvent, Message, User } from "@miscord/protocol";
import { MemoryBus } from "../../bus/memory.ts";
import type { Topic } from "../../bus/contract.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { MemorySocket } from "../../testing/memory-socket.ts";
import type { OrderOptions } from "../channel-orders.ts";
import { Delivery } from "../delivery.ts";
import { mainCodec, type WireCodec } from "../wire-codec.ts";
import type { FlushSettings } from "../flush-policy.ts";
import { createDeliveryStats } from "../stats.ts";
import { Writer, type WriteBudget } from "../writer.ts";

export interface Listener {
  socket: MemorySocket;
  writer: Writer;
  closings: { code: number; reason: string }[];
}

/** A bus whose test tells the positions that other nodes have published. */
class TellingBus extends MemoryBus {
  readonly #listeners: ((positions: ReadonlyMap<number, number>) => void)[] = [];

  override onPositions(listener: (positions: ReadonlyMap<number, number>) => void): void {
    this.#listeners.push(listener);
  }

  tellPositions(positions: ReadonlyMap<number, number>): void {
    for (const listener of this.#listeners) listener(positions);
  }
}

/** Delivery with sockets in memory; the test moves time and ends the turns of the event loop. */
export class DeliveryWorld {
  readonly clock = new ManualClock();
  readonly bus = new TellingBus();
  readonly stats = createDeliveryStats();
  readonly latencies: number[] = [];
  readonly delivery: Delivery;
  readonly #turn: (() => void)[] = [];

  /** See DeliveryOptions.gatheredMs. */
  gatheredMs = 0;

  /** `order`: as on a bus that may lose events. */
  constructor(settings: Partial<FlushSettings> = {}, order?: OrderOptions) {
    this.delivery = new Delivery({
      bus: this.bus,
      clock: this.clock,
      stats: this.stats,
      settings: { maxIntervalMs: 50, batchSize: 50, ...settings },
      observeLatency: (latencyMs) => this.latencies.push(latencyMs),
      endOfTurn: this.endOfTurn,
      gatheredMs: () => this.gatheredMs,
      ...(order && { order }),
    });
  }

  readonly endOfTurn = (work: () => void): void => {
    this.#turn.push(work);
  };

  listener({
    deflate = false,
    codec = mainCodec,
    budget = { dropLowBytes: 10_000, closeBytes: 50_000 },
  }: { deflate?: boolean; codec?: WireCodec; budget?: WriteBudget } = {}): Listener {
    const socket = new MemorySocket();
    const closings: Listener["closings"] = [];
    const writer = new Writer(socket, {
      encoding: { codec, deflate },
      budget,
      stats: this.stats,
      onClosing: (code, reason) => closings.push({ code, reason }),
    });
    return { socket, writer, closings };
  }

  subscriber(topic: Topic, options?: Parameters<DeliveryWorld["listener"]>[0]): Listener {
    const listener = this.listener(options);
    void this.delivery.subscribe(topic, listener.writer);
    return listener;
  }

  publish(topic: Topic, ...events: MainEvent[]): void {
    for (const event of events) this.bus.publish(topic, { kind: "event", event });
  }

  /** Ends the turn of the event loop. */
  turn(): void {
    for (const work of this.#turn.splice(0)) work();
  }

  /** Advances time in steps of one millisecond, each with a turn of the event loop. */
  pass(ms: number): void {
    for (let i = 0; i < ms; i += 1) {
      this.clock.advance(1);
      this.turn();
    }
  }

  /** Lets promises settle and ends the turn, until nothing is left to do. */
  async settle(): Promise<void> {
    for (let round = 0; round < 5; round += 1) {
      await new Promise(setImmediate);
      this.turn();
    }
  }

  /** Raises the load until the flush interval is longest, with 100 subscribers of another channel. */
  makeBusy(): void {
    for (let i = 0; i < 100; i += 1) this.subscriber("channel:999");
    for (let i = 0; i < 2_000; i += 1) this.publish("channel:999", message(i + 1, { channel_id: 999 }));
    this.turn();
  }
}

function person(id: number): User {
  return { id, username: `u${id}`, display_name: `U${id}`, avatar_url: null, avatar_color: "#336699" };
}

export function wholeMessage(seq: number, fields: Partial<Message> = {}): Message {
  return {
    id: seq,
    seq,
    updated_seq: seq,
    channel_id: 1,
    channelId: 1,
    server_id: 1,
    content: `message ${seq}`,
    timestamp: "2026-01-01T00:00:00.000Z",
    edited_at: null,
    is_edited: false,
    is_deleted: false,
    author: person(1),
    attachments: [],
    reactions: [],
    reply_to: null,
    mentions: [],
    mentions_everyone: false,
    ...fields,
  };
}

export function message(seq: number, fields: Partial<Message> = {}): Extract<MainEvent, { type: "new_message" }> {
  const data = wholeMessage(seq, fields);
  return { type: "new_message", channel_id: data.channel_id, seq, data };
}

export function typing(userId: number, timestamp = 0): MainEvent {
  return { type: "typing", user: { id: userId, username: `u${userId}` }, channel_id: 1, timestamp };
}

export function presence(userId: number, status: "online" | "offline" = "online"): MainEvent {
  return { type: "user_status_changed", user_id: userId, username: `u${userId}`, status, timestamp: 0 };
}
