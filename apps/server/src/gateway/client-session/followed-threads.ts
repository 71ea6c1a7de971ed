import type { Topic } from "../../bus/contract.ts";

export interface FollowedThread {
  readonly id: number;
  readonly server_id: number;
  readonly parent_id: number;
}

interface Topics {
  subscribe(topic: Topic): Promise<unknown>;
  unsubscribe(topic: Topic): void;
}

/** Of the many sessions whose users follow no thread. */
const none = new Map<number, FollowedThread>();

/**
 * The threads whose activity a session receives: those that its user follows and that were not archived when it was set up. A
 * thread costs nobody else anything.
 */
export class FollowedThreads {
  readonly #topics: Topics;
  #threads = none;

  constructor(topics: Topics) {
    this.#topics = topics;
  }

  has(threadId: number): boolean {
    return this.#threads.has(threadId);
  }

  parentIds(): Iterable<number> {
    return this.#threads.values().map((thread) => thread.parent_id);
  }

  ids(): Iterable<number> {
    return this.#threads.keys();
  }

  /** Resolves once nothing of the thread is missed. */
  async add(thread: FollowedThread): Promise<void> {
    if (this.#threads.has(thread.id)) return;
    if (this.#threads === none) this.#threads = new Map();
    this.#threads.set(thread.id, thread);
    await this.#topics.subscribe(`viewers:${thread.id}`);
  }

  remove(threadId: number): void {
    if (this.#threads.delete(threadId)) this.#topics.unsubscribe(`viewers:${threadId}`);
  }

  /** Those of a channel, or of a server. */
  removeOf(place: { parentId: number } | { serverId: number }): void {
    // An entry that is removed meanwhile does not disturb the iteration.
    for (const { id, parent_id, server_id } of this.#threads.values()) {
      if ("parentId" in place ? parent_id === place.parentId : server_id === place.serverId) this.remove(id);
    }
  }

  topics(): Topic[] {
    return [...this.#threads.keys()].map((id) => `viewers:${id}` as const);
  }

  clear(): void {
    this.#threads.clear();
  }
}
