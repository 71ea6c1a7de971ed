import type { ChannelEvent, MainEvent, Message } from "@miscord/protocol";
import type { Clock } from "../clock.ts";
import { Batch } from "./batch.ts";
import type { Delivery } from "./delivery.ts";
import { Hold } from "./replay-buffer.ts";
import type { Position } from "./position.ts";
import { SlowJoins } from "./slow-joins.ts";
import type { Writer } from "./writer.ts";

export interface Changes {
  seq: number;
  /** Null: too many, or the position lies beyond the channel. */
  changes: Message[] | null;
}

export interface ResumeOptions {
  readonly delivery: Delivery;
  readonly clock: Clock;
  /** What changed after a position, from one snapshot (the store's `changesSince`). */
  readonly changesSince: (channelId: number, afterSeq: number, limit: number) => Promise<Changes>;
  readonly limits: { readonly messages: number; readonly bytes: number; readonly batchSize: number };
  readonly endOfTurn?: (start: () => void) => void;
}

interface Group {
  readonly channelId: number;
  readonly hold: Hold;
  /** Of the latest joiner: should all others have left, the topic was left and opened anew. */
  subscribed: Promise<void>;
  readonly done: Promise<void>;
  start(): void;
}

/**
 * Joining a channel without losing or doubling an event: first the subscription, held; then one store query, shared
 * by all who come with the same position; then the replay, `channel_synced`, and what was held. Frames are encoded
 * once for all of the group.
 */
export class Resumes {
  readonly #options: ResumeOptions;
  /** Groups that still take joiners: until the next turn, or until the query before them has ended. */
  readonly #gathering = new Map<string, Group>();
  readonly #running = new Set<string>();
  readonly #slow: SlowJoins;

  constructor(options: ResumeOptions) {
    this.#options = options;
    this.#slow = new SlowJoins({ delivery: options.delivery, join: (...join) => this.join(...join) });
  }

  /** Resolves once the replay is handed over, or waits for a slow socket to drain; rejects when the store fails. */
  join(channelId: number, writer: Writer, position: Position): Promise<void> {
    const { delivery } = this.#options;
    delivery.unsubscribe(`channel:${channelId}`, writer);
    if (writer.isBehind) return this.#slow.wait(channelId, writer, position);
    const key = `${channelId}:${position}`;
    const group = this.#gathering.get(key) ?? this.#gather(key, channelId, position);
    group.hold.writers.add(writer);
    group.subscribed = delivery.hold(`channel:${channelId}`, group.hold);
    return group.done;
  }

  #gather(key: string, channelId: number, position: Position): Group {
    const { promise: started, resolve: start } = Promise.withResolvers<void>();
    const run = async () => {
      await started;
      await group.subscribed;
      await this.#run(channelId, position, group.hold);
    };
    const group: Group = { channelId, hold: new Hold([]), subscribed: Promise.resolve(), done: run(), start };
    this.#gathering.set(key, group);
    void group.done.catch(() => this.#fail(group)).then(() => this.#finished(key));
    if (!this.#running.has(key)) (this.#options.endOfTurn ?? setImmediate)(() => this.#start(key));
    return group;
  }

  #start(key: string): void {
    const group = this.#gathering.get(key);
    if (!group || this.#running.has(key)) return;
    this.#gathering.delete(key);
    this.#running.add(key);
    group.start();
  }

  #finished(key: string): void {
    this.#running.delete(key);
    this.#start(key);
  }

  #fail({ channelId, hold }: Group): void {
    for (const writer of hold.writers) this.#options.delivery.unsubscribe(`channel:${channelId}`, writer);
  }

  async #run(channelId: number, position: Position, hold: Hold): Promise<void> {
    const { changesSince, limits } = this.#options;
    const found =
      typeof position === "number"
        ? await changesSince(channelId, position, limits.messages)
        : await changesSince(channelId, Number.MAX_SAFE_INTEGER, 0);
    const isKnown = found.changes !== null && bytesOf(found.changes) <= limits.bytes;
    const recovered = position === "none" || (position !== "unknown" && isKnown);
    const events = recovered && typeof position === "number" ? replayOf(found.changes ?? [], position) : [];
    const replay = this.#replay(channelId, events, found.seq, recovered);
    const late: Promise<void>[] = [];
    for (const writer of hold.writers) {
      // Became slow meanwhile: what the others are told is not kept for it.
      if (writer.isBehind && !writer.closed) late.push(this.join(channelId, writer, position));
      else this.#release(channelId, hold, writer, replay, found.seq);
    }
    await Promise.all(late);
  }

  #release(channelId: number, hold: Hold, writer: Writer, replay: Batch, seq: number): void {
    writer.cork();
    this.#write(channelId, hold, writer, replay, seq);
    writer.uncork();
    this.#options.delivery.release(`channel:${channelId}`, hold, writer);
  }

  #write(channelId: number, hold: Hold, writer: Writer, replay: Batch, seq: number): void {
    const { discardedSeq } = hold;
    const synced = Math.max(seq, discardedSeq);
    const answer = discardedSeq > 0 ? this.#replay(channelId, [], synced, false) : replay;
    for (const batch of [answer, ...hold.after(synced)]) {
      const bytes = batch.lean(writer);
      if (bytes) writer.sendBytes(bytes);
    }
  }

  #replay(channelId: number, events: MainEvent[], seq: number, recovered: boolean): Batch {
    const synced: MainEvent = { type: "channel_synced", channel_id: channelId, seq, recovered };
    const { clock, limits } = this.#options;
    return new Batch({ low: [], normal: [...events, synced] }, clock.now(), limits.batchSize);
  }
}

/** Of a message without its text and its reactions, once encoded. */
const envelopeBytes = 600;
const bytesPerReader = 8;

/** About as many as they will have on the wire: known before anything is encoded that would then be thrown away. */
function bytesOf(changes: readonly Message[]): number {
  return changes.reduce((sum, { content, reactions }) => {
    const readers = reactions.reduce((count, { user_ids }) => count + user_ids.length, 0);
    return sum + envelopeBytes + Buffer.byteLength(content) + readers * bytesPerReader;
  }, 0);
}

/** Each changed message as the event that says what became of it since the position. */
function replayOf(changes: readonly Message[], afterSeq: number): ChannelEvent[] {
  return changes.map((message): ChannelEvent => {
    const { id, channel_id, updated_seq: seq } = message;
    if (message.is_deleted) {
      return {
        type: "message_deleted",
        channel_id,
        seq,
        data: { message_id: id, channel_id, text_channel_id: channel_id },
      };
    }
    return { type: message.seq > afterSeq ? "new_message" : "message_edited", channel_id, seq, data: message };
  });
}
