import { limits, type MainEvent, type Member } from "@miscord/protocol";
import type { ClientContext } from "../client-context.ts";
import type { Timer } from "../platform.ts";
import { addMembers, dropMembers, reduceMemberList, wantPages } from "../state/reduce-members.ts";
import type { ClientState } from "../state/types.ts";
import { reduceEvents } from "../state/reduce.ts";
import { reduceMembers } from "../state/reduce-people.ts";
import { patchServer } from "../state/reduce-servers.ts";
import { EventReplay } from "./event-replay.ts";
import { isAboutPeople } from "./reapplied-events.ts";

/** Members of a server who stay known after a reconnect; others are asked for when they are needed. */
const keptMost = 500;
/** Ids that are asked for within this time share a request. */
const gatherMs = 30;

/**
 * What the client knows of a server's members: the pages of the list that are shown, and others by their ids or names.
 * Events keep up to date whoever is known, and the status of those on the pages that are shown.
 */
export class Members {
  readonly #context: ClientContext;
  readonly #replay = new EventReplay<MainEvent>();
  /** By server: who is to be asked for, or is no member as the server has answered. */
  readonly #asked = new Map<number, Set<number>>();
  readonly #queued = new Map<number, Set<number>>();
  #timer: Timer | null = null;

  constructor(context: ClientContext) {
    this.#context = context;
  }

  connected(): void {
    this.#send();
  }

  clear(): void {
    this.#asked.clear();
    this.#queued.clear();
    this.#timer?.cancel();
    this.#timer = null;
  }

  receive(events: readonly MainEvent[]): void {
    this.#replay.record(events);
    for (const event of events) {
      if (event.type === "member_joined") this.#asked.get(event.server_id)?.delete(event.member.id);
      if (event.type === "member_list" && this.#context.state().memberLists[event.server_id])
        this.know(
          event.server_id,
          event.rows.map(({ id }) => id),
        );
    }
  }

  /** Shows these pages of the server's list, in place of others; without any, none. */
  watch(serverId: number, pages: readonly number[]): void {
    const { state, update } = this.#context;
    const wanted = state().memberLists[serverId]?.wanted ?? [];
    if (wanted.join() === pages.join()) return;
    update((before) => wantPages(before, serverId, pages));
    this.#send();
  }

  /** Resolves once the first page of the list is known. */
  async load(serverId: number): Promise<void> {
    const { state, rest, update } = this.#context;
    if (!state().memberLists[serverId]) this.watch(serverId, [0]);
    await this.#fetch(serverId, async () => {
      const { members, list } = await rest.memberPage(serverId, 0);
      // What the socket has sent is at least as new.
      if (!state().memberLists[serverId]?.pages[0])
        update((before) => reduceMemberList(before, { type: "member_list", server_id: serverId, ...list }));
      return members;
    });
  }

  /** Members with the text in a name, the best first; they are known from then on. */
  find(serverId: number, text: string): Promise<readonly Member[]> {
    return this.#fetch(serverId, () => this.#context.rest.listMembers(serverId, { query: text }));
  }

  /** Members who joined then or later, the latest first; they are known from then on. */
  findSince(serverId: number, since: Date): Promise<readonly Member[]> {
    return this.#fetch(serverId, () => this.#context.rest.listMembers(serverId, { joined_since: since.toISOString() }));
  }

  /** Asks for those of the users who are not known yet. */
  know(serverId: number, userIds: readonly number[]): void {
    const known = this.#context.state().members[serverId];
    const asked = this.#asked.get(serverId) ?? new Set();
    const unknown = userIds.filter((id) => !known?.[id] && !asked.has(id));
    if (unknown.length === 0) return;
    const queued = this.#queued.get(serverId) ?? new Set();
    for (const id of unknown) {
      asked.add(id);
      queued.add(id);
    }
    this.#asked.set(serverId, asked);
    this.#queued.set(serverId, queued);
    this.#timer ??= this.#context.clock.setTimeout(() => this.#ask(), gatherMs);
  }

  /** Asks again for all who are known; who is not there any more is forgotten. */
  async reload(): Promise<void> {
    const { state, update } = this.#context;
    this.#asked.clear();
    for (const [id, known] of Object.entries(state().members)) {
      const shown = new Set(Object.values(state().memberLists[Number(id)]?.pages ?? {}).flat());
      const ids = Object.keys(known).map(Number);
      const kept = [...ids.filter((each) => shown.has(each)), ...ids.filter((each) => !shown.has(each))];
      update((before) => dropMembers(before, Number(id), kept.slice(keptMost)));
      await this.refresh(Number(id), kept.slice(0, keptMost));
    }
  }

  #ask(): void {
    this.#timer = null;
    for (const [serverId, ids] of this.#queued) {
      this.refresh(serverId, [...ids]).catch(() => {
        // They are asked for again when they are needed next.
        for (const id of ids) this.#asked.get(serverId)?.delete(id);
      });
    }
    this.#queued.clear();
  }

  /** Asks for the users whether they are known or not. */
  async refresh(serverId: number, userIds: readonly number[]): Promise<void> {
    for (let from = 0; from < userIds.length; from += limits.membersPage) {
      const ids = userIds.slice(from, from + limits.membersPage);
      await this.#fetch(serverId, () => this.#context.rest.listMembers(serverId, { ids: ids.join() }), ids);
    }
  }

  /** `asked`: those of them who are not in the answer are no members. */
  #fetch(
    serverId: number,
    request: () => Promise<readonly Member[]>,
    asked: readonly number[] = [],
  ): Promise<readonly Member[]> {
    const { update, clock } = this.#context;
    return this.#replay.during(request, (members, since) => {
      const present = new Set(members.map(({ id }) => id));
      update((state) => {
        const gone = asked.filter((id) => !present.has(id));
        const shown = addMembers(renamed(dropMembers(state, serverId, gone), members), serverId, members);
        const replayed = reduceEvents(shown, since.filter(isAboutPeople), clock.now());
        // The count has these events already.
        const count = state.servers[serverId]?.member_count;
        return count === undefined ? replayed : patchServer(replayed, serverId, { member_count: count });
      });
      return members;
    });
  }

  #send(): void {
    const lists = Object.entries(this.#context.state().memberLists).map(([serverId, { wanted }]) => ({
      server_id: Number(serverId),
      pages: [...wanted],
    }));
    this.#context.send({ type: "watch_members", lists: lists.slice(-limits.memberListsInSight) });
  }
}

/** With the names and pictures of the users wherever else they are shown, since the events of their changes may be missing. */
function renamed(state: ClientState, members: readonly Member[]): ClientState {
  const authors = Object.values(state.timelines).flatMap(({ messages }) => messages.map(({ author }) => author));
  const looks = ["display_name", "avatar_url", "avatar_color"] as const;
  const changed = members.filter((member) =>
    authors.some((author) => author.id === member.id && looks.some((key) => author[key] !== member[key])),
  );
  return changed.reduce((now, { id, username, display_name, avatar_url, avatar_color }) => {
    return reduceMembers(now, {
      type: "user_updated",
      server_id: 0,
      user: { id, username, display_name, avatar_url, avatar_color },
    });
  }, state);
}
