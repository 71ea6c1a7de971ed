import type { MembersInSight } from "@miscord/protocol";
import type { Topic } from "../../bus/contract.ts";

interface Topics {
  subscribe(topic: Topic): Promise<unknown>;
  unsubscribe(topic: Topic): void;
}

/** Of sessions that receive the status of all members. */
const none = new Map<number, readonly number[]>();

/**
 * Whose status a session receives: that of all members of its servers, until it says which pages of member lists it
 * shows; from then on those of these pages.
 */
export class Sight {
  readonly #subscriptions: Topics;
  readonly #servers = new Set<number>();
  #pages = none;
  #isNarrow = false;

  constructor(subscriptions: Topics) {
    this.#subscriptions = subscriptions;
  }

  joined(serverId: number): void {
    this.#servers.add(serverId);
    if (!this.#isNarrow) void this.#subscriptions.subscribe(`presence:${serverId}`);
  }

  left(serverId: number): void {
    this.#servers.delete(serverId);
    this.#subscriptions.unsubscribe(`presence:${serverId}`);
    this.#show(serverId, []);
  }

  /** Of these lists, in place of the former ones, those of servers that the session is in. Returns them. */
  narrow(lists: readonly MembersInSight[]): MembersInSight[] {
    if (!this.#isNarrow) {
      this.#isNarrow = true;
      for (const serverId of this.#servers) this.#subscriptions.unsubscribe(`presence:${serverId}`);
    }
    const shown = lists.filter((list) => this.#servers.has(list.server_id));
    const ids = new Set(shown.map((list) => list.server_id));
    for (const serverId of this.#pages.keys()) if (!ids.has(serverId)) this.#show(serverId, []);
    for (const { server_id: serverId, pages } of shown) this.#show(serverId, pages);
    return shown;
  }

  topics(): Topic[] {
    const wide = this.#isNarrow ? [] : [...this.#servers].map((id) => `presence:${id}` as const);
    const narrow = [...this.#pages].flatMap(([id, pages]) => pages.map((page) => `members:${id}:${page}` as const));
    return [...wide, ...narrow];
  }

  clear(): void {
    this.#servers.clear();
    this.#pages.clear();
  }

  #show(serverId: number, pages: readonly number[]): void {
    const before = new Set(this.#pages.get(serverId) ?? []);
    const after = new Set(pages);
    for (const page of before.difference(after)) this.#subscriptions.unsubscribe(`members:${serverId}:${page}`);
    for (const page of after.difference(before)) void this.#subscriptions.subscribe(`members:${serverId}:${page}`);
    if (after.size === 0) return void this.#pages.delete(serverId);
    if (this.#pages === none) this.#pages = new Map();
    this.#pages.set(serverId, [...after]);
  }
}
