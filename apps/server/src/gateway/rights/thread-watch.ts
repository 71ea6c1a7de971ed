import { chunks } from "../../chunks.ts";
import { Semaphore } from "../../concurrency/semaphore.ts";
import type { Delivery } from "../../delivery/delivery.ts";
import { thread as threadOf } from "../../domain/threads/list-threads.ts";
import type { DomainContext } from "../../domain/context.ts";
import { AppError } from "../../errors.ts";
import { threadById, threadsFollowedBy } from "../../store/queries/threads.ts";
import type { ClientSession } from "../client-session/client-session.ts";

export interface ThreadWatchOptions {
  readonly context: Pick<DomainContext, "store" | "clock">;
  readonly delivery: Delivery;
  /** The user's sessions on this node, of all endpoints. */
  readonly sessions: (userId: number) => readonly ClientSession[];
  readonly onError: (error: unknown) => void;
}

/** Threads read at the same time: when one is back from the archive, all who follow it are shown it. */
const threadsAtOnce = 4;
/** Users in one query; bounds the parameters of its statement. */
const usersAtOnce = 500;

/**
 * Shows the connections of this node the threads that their users follow from now on. Whether a user follows a thread and
 * sees it is read once the subscription is live, so that no event falls in between.
 */
export class ThreadWatch {
  readonly #options: ThreadWatchOptions;
  readonly #permits = new Semaphore(threadsAtOnce);

  constructor(options: ThreadWatchOptions) {
    this.#options = options;
    options.delivery.onControl((_, control) => {
      if (control.type === "thread_followed") this.#start(this.#show(control.userId, control.threadId));
      if (control.type === "membership_added") this.#start(this.showOf([control.userId], control));
    });
  }

  /** Shows these users the threads that they follow, of a server or of channels that they see from now on. */
  async showOf(
    userIds: readonly number[],
    place: { serverId: number } | { parentIds: ReadonlySet<number> },
  ): Promise<void> {
    const { store, clock } = this.#options.context;
    for (const some of chunks([...new Set(userIds)], usersAtOnce)) {
      for (const { userId, id, server_id, parent_id } of await threadsFollowedBy(store.db, some, clock.now())) {
        if ("serverId" in place ? server_id === place.serverId : place.parentIds.has(parent_id)) {
          await this.#show(userId, id);
        }
      }
    }
  }

  #start(work: Promise<void>): void {
    work.catch(this.#options.onError);
  }

  async #show(userId: number, threadId: number): Promise<void> {
    const sessions = this.#options.sessions(userId).filter((session) => !session.threads.has(threadId));
    if (sessions.length > 0) await this.#permits.run(() => this.#showTo(sessions, userId, threadId));
  }

  async #showTo(sessions: readonly ClientSession[], userId: number, threadId: number): Promise<void> {
    const { context } = this.#options;
    const found = await threadById(context.store.db, threadId, context.clock.now());
    if (!found) return;
    const { id, server_id, parent_id } = found;
    try {
      await Promise.all(sessions.map((session) => session.threads.add({ id, server_id, parent_id })));
      const thread = await threadOf(context, { userId }, threadId).catch(nothingIfHidden);
      for (const session of sessions) {
        const isHeld = session.threads.has(threadId);
        if (!thread?.is_following || thread.archived) session.threads.remove(threadId);
        // A session that is being set up has its client load everything.
        if (thread?.is_following && isHeld && !session.isSettingUp)
          session.send({ type: "thread_followed", server_id, thread });
      }
    } catch (error) {
      for (const session of sessions) session.threads.remove(threadId);
      throw error;
    }
  }
}

function nothingIfHidden(error: unknown): null {
  if (error instanceof AppError && error.code === "not_found") return null;
  throw error;
}
