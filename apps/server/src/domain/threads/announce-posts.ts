import type { Clock, Timer } from "../../clock.ts";
import { postsById } from "../../store/queries/posts.ts";
import type { DomainContext } from "../context.ts";
import { publish } from "../publish.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock">;

/** Each announcement reads the post, and is an event for everybody who has the forum open. */
const gatherMs = 500;

/** Tells those who have their forum open what the posts are now. Ids of other threads are passed over. */
export async function announcePosts(context: Context, ids: readonly number[]): Promise<void> {
  for (const post of await postsById(context.store.db, ids, context.clock.now())) {
    const { server_id, parent_id: channel_id } = post;
    publish(context, `channel:${channel_id}`, { type: "post_updated", server_id, channel_id, post });
  }
}

/**
 * Announces what is written in posts: the first in a forum after a pause at once, what follows together. One announcement
 * of a forum runs at a time, so that a later one is not overtaken by an earlier one.
 */
export class PostAnnouncer {
  readonly #context: Context;
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  /** By forum, while an announcement of it runs or gathers. */
  readonly #gathering = new Map<number, { posts: Set<number>; timer: Timer | null }>();

  constructor(context: Context, onError: (error: unknown) => void) {
    this.#context = context;
    this.#clock = context.clock;
    this.#onError = onError;
  }

  announce(forumId: number, postId: number): void {
    const gathering = this.#gathering.get(forumId);
    if (gathering) gathering.posts.add(postId);
    else void this.#publish(forumId, [postId]);
  }

  /** Publishes what has gathered. */
  stop(): void {
    for (const { posts, timer } of this.#gathering.values()) {
      timer?.cancel();
      announcePosts(this.#context, [...posts]).catch(this.#onError);
    }
    this.#gathering.clear();
  }

  async #publish(forumId: number, postIds: readonly number[]): Promise<void> {
    const gathering: { posts: Set<number>; timer: Timer | null } = { posts: new Set(), timer: null };
    this.#gathering.set(forumId, gathering);
    await announcePosts(this.#context, postIds).catch(this.#onError);
    if (this.#gathering.get(forumId) !== gathering) return;
    gathering.timer = this.#clock.setTimeout(() => {
      if (gathering.posts.size > 0) void this.#publish(forumId, [...gathering.posts]);
      else this.#gathering.delete(forumId);
    }, gatherMs);
  }
}
