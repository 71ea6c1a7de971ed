import { retries, type ChannelEvent, type History, type MainEvent } from "@miscord/protocol";
import type { Timer } from "../platform.ts";
import { toApiError } from "../rest/api-error.ts";
import type { HistoryPageQuery } from "../rest/rest.ts";
import { settleOutbox, withTimeline } from "../state/outgoing.ts";
import { noteLoaded } from "../state/reduce-unread.ts";
import { showPins } from "../state/pins.ts";
import { catchUp, follow, showPage, type Followed } from "../state/timeline.ts";
import type { ArrivedMessage, ClientState, Timeline } from "../state/types.ts";
import type { ClientContext } from "../client-context.ts";
import { EventReplay } from "./event-replay.ts";

const joinTimeoutMs = 10_000;
/** With more joins unanswered, which answer is to which is not known any more: a new connection begins anew. */
const unansweredAtMost = 2;
const retryMs = 2_000;
/**
 * Events buffered while joining. Beyond this the buffer is dropped and the join repeated, so that memory stays
 * bounded.
 */
const bufferCapacity = 2_000;

interface Options {
  channelId: number;
  context: ClientContext;
  /** Live and replayed events that changed the timeline. */
  onApplied: (events: readonly ChannelEvent[]) => void;
  /** Messages of the outbox that arrived as events or in a page. */
  onArrived: (messages: readonly ArrivedMessage[]) => void;
}

/**
 * Keeps one channel's timeline in step with the server.
 *
 * `joining`: a join is in flight and events are buffered, since replayed and live ones may arrive interleaved.
 * `live`: events are applied in the order of `seq`; a gap starts another join from the position before the gap.
 * Opening a channel requests a page of history and the join at the same time; `#settle` continues when both have
 * arrived.
 */
export class ChannelFollower {
  readonly #options: Options;
  readonly #context: ClientContext;
  readonly #replay = new EventReplay<ChannelEvent>();
  #phase: "offline" | "joining" | "live" = "offline";
  /** Joins are answered in order, so only the answer to the last one counts. */
  #unansweredJoins = 0;
  /** Whether the join in flight asked for a replay from the timeline's position. */
  #isResuming = false;
  /** `seq` of the `channel_synced` received, until `#settle` uses it. */
  #syncedSeq: number | null = null;
  #buffer: ChannelEvent[] = [];
  #hasOverflowed = false;
  /** Number of page requests in flight. */
  #loads = 0;
  /** Pages with a lower `seq` are older than a jump of the position and are requested again. */
  #leastPageSeq = 0;
  #isEnded = false;
  #timer: Timer | null = null;

  constructor(options: Options) {
    this.#options = options;
    this.#context = options.context;
  }

  get isLive(): boolean {
    return this.#phase === "live" && this.#loads === 0;
  }

  connected(): void {
    this.#join();
  }

  disconnected(): void {
    this.#phase = "offline";
    this.#unansweredJoins = 0;
    this.#buffer = [];
    this.#hasOverflowed = false;
    this.#timer?.cancel();
    this.#timer = null;
  }

  end(): void {
    this.#isEnded = true;
    this.disconnected();
  }

  /**
   * Calls `use` with a page of history and the events applied since the request was sent. A page older than a jump of
   * the
   * position is requested again: the messages between the two would be missing.
   */
  async page(query: HistoryPageQuery, use: (page: History, since: readonly ChannelEvent[]) => void): Promise<void> {
    const ask = () => this.#context.rest.listMessages(this.#options.channelId, query);
    const isUsed = await this.#replay.during(ask, (page, since) => {
      if (page.seq < this.#leastPageSeq) return false;
      if (!this.#isEnded) use(page, since);
      return true;
    });
    if (!isUsed) await this.page(query, use);
  }

  /**
   * Replaces the timeline's messages by a page. `isFresh` also resets the position, when it may come from other data.
   * Rejects as the request does, leaving the timeline unchanged.
   */
  async load(query: HistoryPageQuery): Promise<void> {
    try {
      await this.#load(query);
    } catch (error) {
      this.#goOn();
      throw error;
    }
  }

  /** A page for the user did not come. A join that was answered meanwhile has waited for it. */
  #goOn(): void {
    if (this.#phase !== "joining" || this.#loads > 0) return;
    if (this.#timeline()?.status === "loading") void this.loadInsistently();
    else this.#settle();
  }

  async #load(query: HistoryPageQuery, isFresh = false): Promise<void> {
    this.#loads += 1;
    if (isFresh) this.#leastPageSeq = 0;
    try {
      await this.page(query, (page, since) => {
        const show = (timeline: Timeline) => this.#show(isFresh ? { ...timeline, seq: 0 } : timeline, page, since);
        this.#context.update((state) => noteLoaded(this.#changed(state, show)));
      });
    } finally {
      this.#loads -= 1;
    }
    // The page may be older than the position before it.
    if (isFresh && this.#phase === "live") this.#join();
    else this.#settle();
  }

  /** Loads the pinned messages into the timeline. A list older than a jump of the position is requested again. */
  async loadPins(): Promise<void> {
    const ask = () => this.#context.rest.listPins(this.#options.channelId);
    const isShown = await this.#replay.during(ask, (pins, since) => {
      if (pins.seq < this.#leastPageSeq) return false;
      if (!this.#isEnded) this.#change((timeline) => showPins(timeline, pins, since));
      return true;
    });
    if (!isShown) await this.loadPins();
  }

  /** Repeats `load` until it succeeds or fails with an error that a retry cannot help; then the status is `failed`. */
  async loadInsistently(query: HistoryPageQuery = {}, isFresh = true): Promise<void> {
    try {
      await this.#load(query, isFresh);
    } catch (error) {
      const { code, retryAfterMs } = toApiError(error);
      if (this.#isEnded) return;
      if (code === "not_found" && query.around !== undefined) return this.loadInsistently({}, isFresh);
      if (retries[code] === "never") return this.#change((timeline) => ({ ...timeline, status: "failed" }));
      await new Promise<void>((resolve) => this.#context.clock.setTimeout(resolve, retryAfterMs ?? retryMs));
      if (!this.#isEnded) await this.loadInsistently(query, isFresh);
    }
  }

  receive(state: ClientState, events: readonly ChannelEvent[]): ClientState {
    if (this.#phase === "joining") this.#keep(events);
    return this.#phase === "live" ? this.#apply(state, (timeline) => follow(timeline, events)) : state;
  }

  synced({ seq, recovered }: Extract<MainEvent, { type: "channel_synced" }>): void {
    if (!this.#answered()) return;
    this.#syncedSeq = seq;
    if (this.#isResuming && !recovered) {
      this.#isResuming = false;
      void this.loadInsistently(this.#anchor());
    }
    this.#settle();
  }

  refused(error: Extract<MainEvent, { type: "error" }>): void {
    if (!this.#answered()) return;
    if (retries[error.code] === "never") this.#change((timeline) => ({ ...timeline, status: "failed" }));
    else this.#joinAfter(error.retry_after_ms ?? retryMs);
  }

  /** Joins from the timeline's position, or from now on while a page is being loaded. */
  #join(): void {
    const { channelId } = this.#options;
    const timeline = this.#timeline();
    if (!timeline) return;
    this.#isResuming = timeline.status === "ready" && this.#loads === 0;
    const position = this.#isResuming ? { after_seq: timeline.seq } : {};
    const isSent = this.#context.send({
      type: "join_channel",
      ref: joinRef(channelId),
      channel_id: channelId,
      ...position,
    });
    if (!isSent) return this.disconnected();
    this.#phase = "joining";
    this.#unansweredJoins += 1;
    this.#syncedSeq = null;
    this.#timer?.cancel();
    this.#timer = this.#context.clock.setTimeout(() => this.#unanswered(), joinTimeoutMs);
    if (!this.#isResuming && this.#loads === 0) void this.loadInsistently();
  }

  #joinAfter(delayMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#context.clock.setTimeout(() => this.#join(), delayMs);
  }

  #unanswered(): void {
    if (this.#unansweredJoins > unansweredAtMost) this.#context.reconnect();
    else this.#join();
  }

  /** Counts an answer to a join. True when it answers the latest one. */
  #answered(): boolean {
    this.#unansweredJoins = Math.max(0, this.#unansweredJoins - 1);
    if (this.#unansweredJoins > 0 || this.#phase !== "joining") return false;
    this.#timer?.cancel();
    return true;
  }

  /** Applies the buffered events once both the page and the answer to the join have arrived. */
  #settle(): void {
    const timeline = this.#timeline();
    const syncedSeq = this.#syncedSeq;
    if (this.#phase !== "joining" || syncedSeq === null || this.#loads > 0 || timeline?.status !== "ready") return;
    const buffer = this.#buffer;
    this.#buffer = [];
    this.#syncedSeq = null;
    // The page is older than the subscription: a second join replays the events between them.
    const isPageBehind = !this.#isResuming && timeline.seq < syncedSeq;
    if (isPageBehind || this.#hasOverflowed) {
      this.#hasOverflowed = false;
      this.#buffer = buffer;
      return this.#join();
    }
    this.#phase = "live";
    this.#context.update((state) => this.#apply(state, (current) => catchUp(current, buffer, syncedSeq)));
  }

  #show(timeline: Timeline, page: History, since: readonly ChannelEvent[]): Timeline {
    if (page.seq > timeline.seq) this.#leastPageSeq = page.seq;
    return showPage(timeline, page, since);
  }

  #keep(events: readonly ChannelEvent[]): void {
    this.#buffer.push(...events);
    if (this.#buffer.length <= bufferCapacity) return;
    this.#buffer = [];
    this.#hasOverflowed = true;
  }

  #apply(state: ClientState, step: (timeline: Timeline) => Followed): ClientState {
    return this.#changed(state, (timeline) => {
      const { timeline: next, applied, waiting } = step(timeline);
      this.#replay.record(applied);
      if (waiting.length > 0) this.#wait(waiting);
      if (applied.length > 0) this.#context.defer(() => this.#options.onApplied(applied));
      return next;
    });
  }

  /** Handles a gap: buffers the events after it and joins once the position before it is in the store. */
  #wait(events: readonly ChannelEvent[]): void {
    this.#phase = "joining";
    this.#buffer = [...events];
    this.#context.defer(() => this.#join());
  }

  #change(step: (timeline: Timeline) => Timeline): void {
    this.#context.update((state) => this.#changed(state, step));
  }

  #changed(state: ClientState, step: (timeline: Timeline) => Timeline): ClientState {
    return withTimeline(state, this.#options.channelId, (timeline) => {
      const stepped = step(timeline);
      const settled = settleOutbox(stepped, state.session.me?.id);
      if (settled !== stepped) {
        const gone = new Set(stepped.outbox.filter((own) => !settled.outbox.includes(own)).map(({ nonce }) => nonce));
        const arrived = stepped.messages.flatMap(({ nonce, id, seq }) =>
          nonce && gone.has(nonce) ? [{ nonce, id, seq }] : [],
        );
        this.#context.defer(() => this.#options.onArrived(arrived));
      }
      return settled;
    });
  }

  #timeline(): Timeline | undefined {
    return this.#context.state().timelines[this.#options.channelId];
  }

  /** The page to reload: around the present messages if the user reads old history, otherwise the newest. */
  #anchor(): HistoryPageQuery {
    const timeline = this.#timeline();
    const middle = timeline?.messages[Math.floor(timeline.messages.length / 2)];
    return timeline?.hasNewer && middle ? { around: middle.id } : {};
  }
}

const refPrefix = "join:";

/** The server repeats `ref` in the error that refuses a join. */
export function joinRef(channelId: number): string {
  return refPrefix + channelId;
}

export function channelOfJoinRef(ref: string | number | undefined): number | null {
  return typeof ref === "string" && ref.startsWith(refPrefix) ? Number(ref.slice(refPrefix.length)) : null;
}
