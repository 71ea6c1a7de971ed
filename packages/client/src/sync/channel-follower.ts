import { errorTable, type ChannelEvent, type History, type MainEvent } from "@miscord/protocol";
import type { Timer } from "../platform.ts";
import { toApiError } from "../rest/api-error.ts";
import type { HistoryPageQuery } from "../rest/rest.ts";
import { settleOutbox, withTimeline } from "../state/outgoing.ts";
import { noteLoaded } from "../state/reduce-unread.ts";
import { catchUp, follow, showPage, type Followed } from "../state/timeline.ts";
import type { ClientState, Timeline } from "../state/types.ts";
import type { ClientContext } from "../client-context.ts";
import { EventReplay } from "./event-replay.ts";

const joinTimeoutMs = 10_000;
const retryMs = 2_000;
/** More than this while joining is dropped and the join repeated, so that memory stays bounded. */
const bufferCapacity = 2_000;

interface Options {
  channelId: number;
  context: ClientContext;
  /** Live and replayed changes that took effect. */
  onApplied: (events: readonly ChannelEvent[]) => void;
  /** Own messages of the outbox that turned up in the channel. */
  onArrived: (nonces: readonly string[]) => void;
}

/**
 * Keeps one channel's timeline in step.
 *
 * `joining`: a join is under way, and events wait in the buffer, since replay and live ones may come mixed.
 * `live`: events are followed by their position; a gap makes it join again from the position before the gap.
 * At first a history page and the join are asked for at the same time; they meet in `#settle`.
 */
export class ChannelFollower {
  readonly #options: Options;
  readonly #context: ClientContext;
  readonly #replay = new EventReplay<ChannelEvent>();
  #phase: "offline" | "joining" | "live" = "offline";
  /** Answers come in the order of the joins, so only the last one counts. */
  #unansweredJoins = 0;
  /** Whether the join under way replays from the timeline's position. */
  #isResuming = false;
  /** The position that the answer to the join named, while the page is still under way. */
  #syncedSeq: number | null = null;
  #buffer: ChannelEvent[] = [];
  #hasOverflowed = false;
  /** Pages under way, and the position that they must reflect at least. */
  #loads = 0;
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
   * Hands a history page to `use`, with what took effect since it was asked for. A page from before a jump of the position
   * is asked for again: what lies between is in neither.
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
   * Shows a page in place of what is there; `isFresh` forgets the position too, when it may not be one of this channel.
   * Rejects as the call does, leaving everything as it was.
   */
  async load(query: HistoryPageQuery, isFresh = false): Promise<void> {
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
    this.#settle();
  }

  /** Again and again until a page is there or the server says that there never will be one. */
  async loadInsistently(query: HistoryPageQuery = {}, isFresh = true): Promise<void> {
    try {
      await this.load(query, isFresh);
    } catch (error) {
      const { code, retryAfterMs } = toApiError(error);
      if (this.#isEnded) return;
      if (code === "not_found" && query.around !== undefined) return this.loadInsistently({}, isFresh);
      if (errorTable[code].retry === "never") return this.#change((timeline) => ({ ...timeline, status: "failed" }));
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
    if (errorTable[error.code].retry === "never") this.#change((timeline) => ({ ...timeline, status: "failed" }));
    else this.#joinAfter(error.retry_after_ms ?? retryMs);
  }

  /** From the timeline's position; without one from now on, beside the newest page. */
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
    this.#joinAfter(joinTimeoutMs);
    if (!this.#isResuming && this.#loads === 0) void this.loadInsistently();
  }

  #joinAfter(delayMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#context.clock.setTimeout(() => this.#join(), delayMs);
  }

  /** True when this was the answer to the join that counts. */
  #answered(): boolean {
    this.#unansweredJoins = Math.max(0, this.#unansweredJoins - 1);
    if (this.#unansweredJoins > 0 || this.#phase !== "joining") return false;
    this.#timer?.cancel();
    return true;
  }

  /** Once both the page and the answer to the join are there, what waited can be done. */
  #settle(): void {
    const timeline = this.#timeline();
    const syncedSeq = this.#syncedSeq;
    if (this.#phase !== "joining" || syncedSeq === null || this.#loads > 0 || timeline?.status !== "ready") return;
    const buffer = this.#buffer;
    this.#buffer = [];
    this.#syncedSeq = null;
    // The page is older than the subscription: what lies between has to be replayed.
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

  /** A gap. The join names the position, so it follows the change that is under way. */
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
        const arrived = stepped.outbox.filter((message) => !settled.outbox.includes(message)).map(({ nonce }) => nonce);
        this.#context.defer(() => this.#options.onArrived(arrived));
      }
      return settled;
    });
  }

  #timeline(): Timeline | undefined {
    return this.#context.state().timelines[this.#options.channelId];
  }

  /** Keeps the place of somebody who reads in the past. */
  #anchor(): HistoryPageQuery {
    const timeline = this.#timeline();
    const middle = timeline?.messages[Math.floor(timeline.messages.length / 2)];
    return timeline?.hasNewer && middle ? { around: middle.id } : {};
  }
}

const refPrefix = "join:";

/** Comes back in the error that refuses the join. */
function joinRef(channelId: number): string {
  return refPrefix + channelId;
}

export function channelOfJoinRef(ref: string | number | undefined): number | null {
  return typeof ref === "string" && ref.startsWith(refPrefix) ? Number(ref.slice(refPrefix.length)) : null;
}
