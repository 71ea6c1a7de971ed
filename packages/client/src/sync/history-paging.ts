import type { ChannelEvent, History, Message } from "@miscord/protocol";
import { ApiError } from "../rest/api-error.ts";
import type { HistoryPageQuery } from "../rest/rest.ts";
import { withTimeline } from "../state/outgoing.ts";
import { noteLoaded } from "../state/reduce-unread.ts";
import { addNewer, addOlder } from "../state/timeline.ts";
import type { Timeline } from "../state/types.ts";
import type { ClientContext } from "../client-context.ts";
import type { Timelines } from "./timelines.ts";

/** How to load a page at one end of a timeline; `anchorOf` is the message that the page continues from. */
interface Extension {
  query: HistoryPageQuery;
  anchorOf: (timeline: Timeline) => number | undefined;
  flag: "loadingOlder" | "loadingNewer";
  add: (timeline: Timeline, page: History, since: readonly ChannelEvent[]) => Timeline;
}

/** Loads further pages of history for open channels, and jumps within it. */
export class HistoryPaging {
  readonly #context: ClientContext;
  readonly #timelines: Timelines;

  constructor(context: ClientContext, timelines: Timelines) {
    this.#context = context;
    this.#timelines = timelines;
  }

  async loadOlder(channelId: number): Promise<void> {
    const timeline = this.#timeline(channelId);
    if (!timeline?.hasOlder || timeline.loadingOlder) return;
    const before = firstId(timeline);
    if (before === undefined) return this.#show(channelId, {});
    await this.#extend(channelId, { query: { before }, anchorOf: firstId, flag: "loadingOlder", add: addOlder });
  }

  async loadNewer(channelId: number): Promise<void> {
    const timeline = this.#timeline(channelId);
    if (!timeline?.hasNewer || timeline.loadingNewer) return;
    const after = lastId(timeline);
    if (after === undefined) return this.#show(channelId, {});
    await this.#extend(channelId, { query: { after }, anchorOf: lastId, flag: "loadingNewer", add: addNewer });
  }

  async jumpToPresent(channelId: number): Promise<void> {
    if (this.#timeline(channelId)?.hasNewer) await this.#show(channelId, {});
  }

  /** False when the message does not exist. */
  async jumpTo(channelId: number, messageId: number): Promise<boolean> {
    const isShown = () => this.#timeline(channelId)?.messages.some(({ id }) => id === messageId) ?? false;
    if (isShown()) return true;
    try {
      await this.#show(channelId, { around: messageId });
    } catch (error) {
      if (error instanceof ApiError && error.code === "not_found") return false;
      throw error;
    }
    return isShown();
  }

  /**
   * The first message of another user after the position, else the first one after it. Loads the page around the
   * position if it is above the loaded messages. Null when no message follows.
   */
  async jumpToFirstAfter(channelId: number, seq: number): Promise<Message | null> {
    const loaded = this.#timeline(channelId);
    if (loaded?.hasOlder && (loaded.messages[0]?.seq ?? 0) > seq) await this.#show(channelId, { around_seq: seq });
    const meId = this.#context.state().session.me?.id;
    const after = this.#timeline(channelId)?.messages.filter((message) => message.seq > seq) ?? [];
    return after.find(({ author }) => author.id !== meId) ?? after[0] ?? null;
  }

  async #show(channelId: number, query: HistoryPageQuery): Promise<void> {
    await this.#timelines.follower(channelId)?.load(query);
  }

  async #extend(channelId: number, { query, anchorOf, flag, add }: Extension): Promise<void> {
    const follower = this.#timelines.follower(channelId);
    const anchor = anchorOf(this.#timeline(channelId)!);
    if (!follower) return;
    this.#change(channelId, (timeline) => ({ ...timeline, [flag]: true }));
    try {
      await follower.page(query, (page, since) => {
        this.#change(channelId, (timeline) => {
          // A jump, a deletion or the capacity may have moved the end meanwhile: this page would leave a gap.
          const continues = anchorOf(timeline) === anchor;
          return continues ? add(timeline, page, since) : timeline;
        });
      });
    } finally {
      this.#change(channelId, (timeline) => ({ ...timeline, [flag]: false }));
    }
  }

  #change(channelId: number, step: (timeline: Timeline) => Timeline): void {
    this.#context.update((state) => noteLoaded(withTimeline(state, channelId, step)));
  }

  #timeline(channelId: number): Timeline | undefined {
    return this.#context.state().timelines[channelId];
  }
}

function firstId(timeline: Timeline): number | undefined {
  return timeline.messages[0]?.id;
}

function lastId(timeline: Timeline): number | undefined {
  return timeline.messages.at(-1)?.id;
}
