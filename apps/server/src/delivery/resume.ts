import type { MainEvent } from "@miscord/protocol";
import type { Clock } from "../clock.ts";
import { Semaphore } from "../concurrency/semaphore.ts";
import { Batch } from "./batch.ts";
import type { Delivery } from "./delivery.ts";
import type { Position } from "./position.ts";
import { bytesOf, costOf, partsOf, replayable, replayOf, type ChangesSince, type ReplayLimits } from "./replay.ts";
import { ReplayBuffer } from "./replay-buffer.ts";
import { ReplacedJoins } from "./replaced-joins.ts";
import { SlowJoins } from "./slow-joins.ts";
import type { Writer } from "./writer.ts";

export interface ResumeOptions {
  readonly delivery: Delivery;
  readonly clock: Clock;
  readonly changesSince: ChangesSince;
  /** `batchSize`: most events in one frame. */
  readonly limits: ReplayLimits & { readonly batchSize: number };
  /** Schedules work at the end of the current turn of the event loop; `setImmediate` by default. */
  readonly endOfTurn?: (work: () => void) => void;
}

/** Bytes of a replay that is encoded at once; a longer one waits for its turn. */
const bytesAtOnce = 16 * 1024;
/** The same of a frame of a longer one. */
const bytesOfPart = 64 * 1024;

/** What a group's connections get before live events: frames of at most `batchSize` events, the last of which ends it. */
interface Replay {
  readonly batches: readonly Batch[];
  /** The last event. */
  readonly synced: Extract<MainEvent, { type: "channel_synced" }>;
}

/** Joins of the same channel from the same position that share one query and one replay. */
interface JoinGroup {
  readonly channelId: number;
  readonly buffer: ReplayBuffer;
  /** Set by the latest join: when all earlier connections left, the topic was closed and opened again. */
  subscribed: Promise<void>;
  /** What the query has read; see `join`. */
  readonly done: Promise<number>;
  start(): void;
}

/**
 * Joins channels and resumes them from a position, so that a client misses no event. Order of a join: subscribe and
 * buffer live events; query the store once for all joins from the same position; write the replay, `channel_synced` and
 * the buffered events; then deliver live. Frames are encoded once per group, those of a long replay one a turn of the
 * event loop, so that others do not wait for it. Buffered events at or below the synced
 * `seq` may be repeated; clients ignore them.
 */
export class Resumes {
  readonly #options: ResumeOptions;
  /** Groups that accept joins: until the end of the turn, or until the running query of the same key has ended. */
  readonly #gathering = new Map<string, JoinGroup>();
  /** Keys whose query is running. */
  readonly #running = new Set<string>();
  /** Long replays are encoded one after the other. */
  readonly #encoding = new Semaphore(1);
  readonly #slow: SlowJoins;
  readonly #replaced = new ReplacedJoins();

  constructor(options: ResumeOptions) {
    this.#options = options;
    this.#slow = new SlowJoins({ delivery: options.delivery, join: (...join) => this.#join(...join) });
  }

  /**
   * Resolves once the replay is written, or postponed until a slow socket drains, with what was read for it, or may be, in
   * messages of the usual size. Rejects when the store or the bus fails;
   * then the writer is not subscribed. Joining again replaces the earlier join or live subscription; a replaced join is
   * answered together with the one that replaces it.
   */
  join(channelId: number, writer: Writer, position: Position): Promise<number> {
    if (this.#options.delivery.isJoining(`channel:${channelId}`, writer)) this.#replaced.add(channelId, writer);
    return this.#join(channelId, writer, position);
  }

  #join(channelId: number, writer: Writer, position: Position): Promise<number> {
    const { delivery, limits } = this.#options;
    delivery.unsubscribe(`channel:${channelId}`, writer);
    if (writer.isBehind) {
      const most = typeof position === "number" ? limits.messages : 0;
      return this.#slow.wait(channelId, writer, position).then(() => most);
    }
    const key = `${channelId}:${position}`;
    const group = this.#gathering.get(key) ?? this.#gather(key, channelId, position);
    group.buffer.writers.add(writer);
    group.subscribed = delivery.buffer(`channel:${channelId}`, group.buffer);
    return group.done;
  }

  #gather(key: string, channelId: number, position: Position): JoinGroup {
    const { promise: started, resolve: start } = Promise.withResolvers<void>();
    const run = async () => {
      await started;
      await group.subscribed;
      return this.#run(channelId, position, group.buffer);
    };
    const group: JoinGroup = {
      channelId,
      buffer: new ReplayBuffer([]),
      subscribed: Promise.resolve(),
      done: run(),
      start,
    };
    this.#gathering.set(key, group);
    void group.done.then(
      () => this.#finished(key),
      () => {
        this.#fail(group);
        this.#finished(key);
      },
    );
    if (!this.#running.has(key)) this.#endOfTurn(() => this.#start(key));
    return group;
  }

  #endOfTurn(work: () => void): void {
    (this.#options.endOfTurn ?? setImmediate)(work);
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

  #fail({ channelId, buffer }: JoinGroup): void {
    for (const writer of buffer.writers) this.#options.delivery.unsubscribe(`channel:${channelId}`, writer);
  }

  async #run(channelId: number, position: Position, buffer: ReplayBuffer): Promise<number> {
    const { changesSince, limits } = this.#options;
    const found =
      typeof position === "number"
        ? await changesSince(channelId, position, limits.messages, limits.bytes)
        : await changesSince(channelId, Number.MAX_SAFE_INTEGER, 0);
    this.#options.delivery.synced(channelId, found.seq);
    const changes = replayable(found, limits);
    const recovered = position === "none" || (position !== "unknown" && changes !== null);
    const events = typeof position === "number" && changes ? replayOf(changes, position) : [];
    const replay = this.#replay(channelId, events, found.seq, recovered);
    const isLong = replay.batches.length > 1 || bytesOf(changes ?? []) > bytesAtOnce;
    if (isLong) await this.#encoding.run(() => this.#encode(replay, buffer));
    const postponed: Promise<unknown>[] = [];
    for (const writer of buffer.writers) {
      // The socket fell behind during the query: it rejoins once drained, and nothing is buffered for it until then.
      if (writer.isBehind && !writer.closed) postponed.push(this.#join(channelId, writer, position));
      else this.#release(channelId, buffer, writer, replay, found.seq);
    }
    await Promise.all(postponed);
    // Beyond the channel's end nothing is read.
    if (typeof position !== "number" || position > found.seq) return 0;
    return costOf(found, limits);
  }

  /** Builds each frame in a turn of its own; events that come meanwhile are buffered. */
  async #encode({ batches }: Replay, buffer: ReplayBuffer): Promise<void> {
    for (const batch of batches) {
      for (const writer of buffer.writers) if (!writer.isBehind) batch.lean(writer);
      await new Promise<void>((resolve) => this.#endOfTurn(resolve));
    }
  }

  #release(channelId: number, buffer: ReplayBuffer, writer: Writer, replay: Replay, seq: number): void {
    writer.cork();
    this.#write(channelId, buffer, writer, replay, seq);
    writer.uncork();
    this.#options.delivery.release(`channel:${channelId}`, buffer, writer);
  }

  #write(channelId: number, buffer: ReplayBuffer, writer: Writer, replay: Replay, seq: number): void {
    const { discardedSeq } = buffer;
    const synced = Math.max(seq, discardedSeq);
    const answer = discardedSeq > 0 ? this.#replay(channelId, [], synced, false) : replay;
    const again = this.#batches(Array.from({ length: this.#replaced.take(channelId, writer) }, () => answer.synced));
    for (const batch of [...answer.batches, ...again, ...buffer.after(synced)]) {
      const bytes = batch.lean(writer);
      if (bytes) writer.sendBytes(bytes);
    }
  }

  #replay(channelId: number, events: readonly MainEvent[], seq: number, recovered: boolean): Replay {
    const synced = { type: "channel_synced", channel_id: channelId, seq, recovered } as const;
    return { batches: this.#batches([...events, synced]), synced };
  }

  #batches(events: readonly MainEvent[]): Batch[] {
    const { clock, limits } = this.#options;
    const parts = partsOf(events, { events: limits.batchSize, bytes: bytesOfPart });
    return [...parts].map((normal) => new Batch({ low: [], normal }, clock.now(), limits.batchSize));
  }
}
