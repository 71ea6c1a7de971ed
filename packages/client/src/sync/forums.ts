import { retries, type ErrorCode, type MainEvent, type Posts } from "@miscord/protocol";
import type { ClientContext } from "../client-context.ts";
import type { Timer } from "../platform.ts";
import { toApiError } from "../rest/api-error.ts";
import { addPosts, changed, emptyForum, reduceForums, showPosts, type ForumQuery } from "../state/reduce-forums.ts";
import type { ClientState, ForumList } from "../state/types.ts";
import { joinRef } from "./channel-follower.ts";
import { EventReplay } from "./event-replay.ts";

const retryMs = 2_000;
const joinTimeoutMs = 10_000;
/** Delay before a closed forum is left: on a phone it closes while one of its posts is open. */
const lingerMs = 30_000;

interface Open {
  /** Joined, so that no event is missed. */
  isLive: boolean;
  /** Counts what was asked for: an answer to an earlier question is dropped. */
  asked: number;
  /** Of the next try to join or to load. */
  retry: Timer | null;
  /** Runs out some time after the forum was closed; null while it is open. */
  linger: Timer | null;
}

/**
 * The lists of posts of the forums that are open: each is joined like a channel, then its first page is loaded, and events
 * keep it up to date.
 */
export class Forums {
  readonly #context: ClientContext;
  readonly #replay = new EventReplay<MainEvent>();
  readonly #open = new Map<number, Open>();

  constructor(context: ClientContext) {
    this.#context = context;
  }

  open(forumId: number, query: ForumQuery): void {
    const known = this.#open.get(forumId);
    known?.linger?.cancel();
    const list = this.#list(forumId);
    const isSame = list?.order === query.order && list.tags.join() === query.tags.join();
    const open: Open = known ?? { isLive: false, asked: 0, retry: null, linger: null };
    open.linger = null;
    this.#open.set(forumId, open);
    if (known && isSame && list.status !== "failed") return;
    this.#context.update((state) => ({ ...state, forums: { ...state.forums, [forumId]: emptyForum(query) } }));
    if (open.isLive) void this.#load(forumId, open);
    else this.#join(forumId, open);
  }

  close(forumId: number): void {
    const open = this.#open.get(forumId);
    if (open && !open.linger) open.linger = this.#context.clock.setTimeout(() => this.#leave(forumId), lingerMs);
  }

  /** Resolves once the next page is shown; does nothing at the end of the list. Rejects as the request does. */
  async loadMore(forumId: number): Promise<void> {
    const [open, list] = [this.#open.get(forumId), this.#list(forumId)];
    if (!open || !list || list.cursor === null || list.status !== "ready") return;
    const { asked } = open;
    const { cursor } = list;
    const ask = () => this.#page(forumId, list, cursor);
    await this.#replay.during(ask, (page, since) => {
      if (open.asked !== asked || this.#list(forumId)?.cursor !== cursor) return;
      this.#show(forumId, since, (current) => addPosts(current, page));
    });
  }

  connected(): void {
    for (const [forumId, open] of this.#open) this.#join(forumId, open);
  }

  disconnected(): void {
    for (const open of this.#open.values()) {
      open.isLive = false;
      open.asked += 1;
      open.retry?.cancel();
    }
  }

  /** Events may have been missed. */
  reload(): void {
    for (const [forumId, open] of this.#open) if (open.isLive) void this.#load(forumId, open);
  }

  receive(state: ClientState, events: readonly MainEvent[]): ClientState {
    this.#replay.record(events);
    // Posts of people who are not blocked any more are listed again.
    if (events.some(({ type }) => type === "relationship_updated" || type === "relationship_removed")) {
      this.#context.defer(() => this.reload());
    }
    return events.reduce(reduceForums, state);
  }

  synced(forumId: number): void {
    const open = this.#open.get(forumId);
    if (!open || open.isLive) return;
    open.isLive = true;
    open.retry?.cancel();
    void this.#load(forumId, open);
  }

  refused(forumId: number, error: Extract<MainEvent, { type: "error" }>): void {
    const open = this.#open.get(forumId);
    if (open) this.#failed(forumId, open, error.code, error.retry_after_ms);
  }

  clear(): void {
    for (const open of this.#open.values()) {
      open.asked += 1;
      open.retry?.cancel();
      open.linger?.cancel();
    }
    this.#open.clear();
  }

  #join(forumId: number, open: Open): void {
    open.retry?.cancel();
    open.isLive = false;
    // The channel may be gone, or not be shown, as in legacy mode.
    if (!this.#list(forumId)) return void this.#open.delete(forumId);
    if (this.#context.state().connection.mode === "legacy") return;
    if (!this.#context.send({ type: "join_channel", ref: joinRef(forumId), channel_id: forumId })) return;
    open.retry = this.#context.clock.setTimeout(() => this.#join(forumId, open), joinTimeoutMs);
  }

  async #load(forumId: number, open: Open): Promise<void> {
    const list = this.#list(forumId);
    if (!list) return;
    const asked = (open.asked += 1);
    try {
      await this.#replay.during(
        () => this.#page(forumId, list),
        (page, since) => {
          if (open.asked === asked) this.#show(forumId, since, (current) => showPosts(current, page));
        },
      );
    } catch (error) {
      const { code, retryAfterMs } = toApiError(error);
      if (open.asked === asked) this.#failed(forumId, open, code, retryAfterMs);
    }
  }

  #page(forumId: number, { order, tags }: ForumList, cursor?: string): Promise<Posts> {
    const filter = tags.length > 0 ? { tags: tags.join() } : {};
    return this.#context.rest.listPosts(forumId, { order, ...filter, ...(cursor !== undefined && { cursor }) });
  }

  #failed(forumId: number, open: Open, code: ErrorCode, retryAfterMs: number | null | undefined): void {
    open.retry?.cancel();
    if (retries[code] === "never") {
      return this.#context.update((state) => changed(state, forumId, (list) => ({ ...list, status: "failed" })));
    }
    open.retry = this.#context.clock.setTimeout(() => {
      if (open.isLive) void this.#load(forumId, open);
      else this.#join(forumId, open);
    }, retryAfterMs ?? retryMs);
  }

  #show(forumId: number, since: readonly MainEvent[], show: (list: ForumList) => ForumList): void {
    this.#context.update((state) => since.reduce(reduceForums, changed(state, forumId, show)));
  }

  #leave(forumId: number): void {
    const open = this.#open.get(forumId);
    open?.retry?.cancel();
    this.#open.delete(forumId);
    this.#context.send({ type: "leave_channel", channel_id: forumId });
    this.#context.update((state) => {
      const { [forumId]: _left, ...forums } = state.forums;
      return { ...state, forums };
    });
  }

  #list(forumId: number): ForumList | undefined {
    return this.#context.state().forums[forumId];
  }
}
