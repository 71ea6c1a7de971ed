import type { Thread, ThreadState } from "@miscord/protocol";
import { chunks } from "../../chunks.ts";
import { KeyedSemaphore } from "../../concurrency/keyed-semaphore.ts";
import { Semaphore } from "../../concurrency/semaphore.ts";
import type { Delivery } from "../../delivery/delivery.ts";
import { channelAccess } from "../../domain/access.ts";
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

/** Where the threads are. */
type Place = { serverId: number } | { parentIds: ReadonlySet<number> };

interface Shown {
  readonly userId: number;
  readonly threadId: number;
  /** Also to sessions that have it. */
  readonly isRevived?: boolean;
}

/** Threads read at the same time: when one is back from the archive, all who follow it are shown it. */
const threadsAtOnce = 4;
/** Users in one query; bounds the parameters of its statement. */
const usersAtOnce = 500;
const retryMs = 1_000;

/**
 * Shows the connections of this node the threads that their users follow from now on. Whether a user follows a thread and
 * sees it is read once the subscription is live, so that no event falls in between.
 */
export class ThreadWatch {
  readonly #options: ThreadWatchOptions;
  readonly #permits = new Semaphore(threadsAtOnce);
  /** By user and thread: one that is unfollowed and followed again meanwhile is shown after what was read before. */
  readonly #inOrder = new KeyedSemaphore<string>(1);

  constructor(options: ThreadWatchOptions) {
    this.#options = options;
    options.delivery.onControl((_, control) => {
      if (control.type === "thread_followed") this.#start(() => this.#show(control));
      if (control.type === "membership_added") this.showSoon([control.userId], control);
    });
  }

  /**
   * Starts to show these users the threads that they follow, of a server or of channels that they see from now on. Nobody
   * waits for it: there may be many.
   */
  showSoon(userIds: readonly number[], place: Place): void {
    this.#start(() => this.#showOf(userIds, place));
  }

  async #showOf(userIds: readonly number[], place: Place): Promise<void> {
    const { store, clock } = this.#options.context;
    const present = [...new Set(userIds)].filter((userId) => this.#options.sessions(userId).length > 0);
    for (const some of chunks(present, usersAtOnce)) {
      for (const { userId, id: threadId, server_id, parent_id } of await threadsFollowedBy(
        store.db,
        some,
        clock.now(),
      )) {
        if ("serverId" in place ? server_id === place.serverId : place.parentIds.has(parent_id)) {
          await this.#show({ userId, threadId });
        }
      }
    }
  }

  /** What fails is tried again: nothing else would show the threads. */
  #start(work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      this.#options.onError(error);
      this.#options.context.clock.setTimeout(() => this.#start(work), retryMs);
    });
  }

  async #show({ userId, threadId, isRevived = false }: Shown): Promise<void> {
    await this.#inOrder.run(`${userId} ${threadId}`, async () => {
      const sessions = this.#options.sessions(userId).filter((one) => isRevived || !one.threads.has(threadId));
      if (sessions.length > 0) await this.#permits.run(() => this.#showTo(sessions, userId, threadId));
    });
  }

  async #showTo(all: readonly ClientSession[], userId: number, threadId: number): Promise<void> {
    const { context } = this.#options;
    // Who follows a thread may have lost sight of it: even for a moment nothing of it is theirs.
    const place = await channelAccess(context, { userId }, threadId).catch(nothingIfHidden);
    if (!place?.serverId || !place.parentId) return;
    // Nothing would end the subscription of one that has ended meanwhile.
    const sessions = all.filter((session) => session.connection.isOpen);
    const { serverId: server_id, parentId: parent_id } = place;
    const added = sessions.filter((session) => !session.threads.has(threadId));
    const shownTo: ClientSession[] = [];
    let thread: ThreadState | null = null;
    try {
      await Promise.all(sessions.map((session) => session.threads.add({ id: threadId, server_id, parent_id })));
      thread = await threadOf(context, { userId }, threadId).catch(nothingIfHidden);
      for (const session of sessions) {
        const isHeld = session.threads.has(threadId);
        if (!thread?.is_following || thread.archived) session.threads.remove(threadId);
        // A session that is being set up has its client load everything.
        if (thread?.is_following && isHeld && !session.isSettingUp) {
          session.send({ type: "thread_followed", server_id, thread });
          shownTo.push(session);
        }
      }
    } catch (error) {
      for (const session of added) session.threads.remove(threadId);
      throw error;
    }
    if (thread && shownTo.length > 0) await this.#correct(shownTo, thread);
  }

  /** A change whose event was sent while the thread was being read came before what was read; sends it again. */
  async #correct(sessions: readonly ClientSession[], shown: Thread): Promise<void> {
    const { store, clock } = this.#options.context;
    let sent = shown;
    for (;;) {
      const thread = await threadById(store.db, shown.id, clock.now());
      if (!thread || versionOf(thread) === versionOf(sent)) return;
      for (const session of sessions) {
        if (session.threads.has(thread.id))
          session.send({ type: "thread_updated", server_id: thread.server_id, thread });
      }
      sent = thread;
    }
  }
}

/** What changes of a thread that is sent in `thread_updated`. */
function versionOf({ name, archive_after_s, archived, locked }: Thread): string {
  return JSON.stringify([name, archive_after_s, archived, locked]);
}

function nothingIfHidden(error: unknown): null {
  if (error instanceof AppError && error.code === "not_found") return null;
  throw error;
}
