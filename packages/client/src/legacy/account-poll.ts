import { limits, type MainEvent } from "@miscord/protocol";
import type { Clock, Timer } from "../platform.ts";
import type { Rest } from "../rest/rest.ts";
import type { ClientState } from "../state/types.ts";
import { withoutThreads } from "../state/reduce-threads.ts";
import { accountDifferences, memberDifferences } from "./account-differences.ts";

/** Interval of the polls; changes that the sockets announce are polled sooner. */
export const pollEveryMs = 10_000;
/** Delay of an early poll, since announcements come in groups. */
const soonMs = 200;
/** Least time between two looks at the member lists that are shown: in a large server statuses change all the time. */
const listsMs = 2_000;
/** Of servers of which more members are known than this, they are fetched only every sixth time. */
const fewMembers = 200;
const manyMembersEveryRounds = 6;

interface Options {
  clock: Clock;
  rest: Pick<Rest, "listServers" | "listNotifications" | "listMembers" | "memberPage">;
  state: () => ClientState;
  onEvents: (events: readonly MainEvent[]) => void;
}

/**
 * Polls over HTTP what no legacy socket carries, and reports it as events: unread channels, mentions, changes of
 * servers.
 */
export class AccountPoll {
  readonly #options: Options;
  #isRunning = false;
  #timer: Timer | null = null;
  #listsTimer: Timer | null = null;
  #listsAt = -Infinity;
  #round = 0;
  /** Changes with every announcement: a response that was requested before it may be outdated and is dropped. */
  #generation = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  start(): void {
    this.#isRunning = true;
    this.#schedule(pollEveryMs);
  }

  stop(): void {
    this.#isRunning = false;
    this.#generation += 1;
    this.#timer?.cancel();
    this.#listsTimer?.cancel();
    this.#listsTimer = null;
  }

  /** Polls in a moment: a socket announced a change. */
  pollSoon(): void {
    this.#generation += 1;
    if (this.#isRunning) this.#schedule(soonMs);
  }

  /** Fetches some members of a server and reports the changes. `joined`: whether they are known to have joined. */
  async membersOf(serverId: number, userIds: readonly number[], joined = false): Promise<void> {
    const { rest, state, onEvents } = this.#options;
    for (const ids of inChunks(userIds)) {
      try {
        const members = await rest.listMembers(serverId, { ids: ids.join() });
        if (this.#isRunning) onEvents(memberDifferences(state(), serverId, { members, asked: ids, joined }));
      } catch {
        // The next poll repeats the request.
      }
    }
  }

  /** Fetches the pages of member lists that are shown in a moment: a socket announced what may change them. */
  listsSoon(): void {
    if (!this.#isRunning || Object.keys(this.#options.state().memberLists).length === 0) return;
    const { clock } = this.#options;
    const delayMs = Math.max(soonMs, this.#listsAt + listsMs - clock.now());
    this.#listsTimer ??= clock.setTimeout(() => void this.lists(), delayMs);
  }

  /** Fetches the pages of member lists that are shown. */
  async lists(): Promise<void> {
    const { rest, state, onEvents, clock } = this.#options;
    this.#listsTimer?.cancel();
    this.#listsTimer = null;
    this.#listsAt = clock.now();
    for (const [id, { wanted }] of Object.entries(state().memberLists)) {
      for (const page of wanted) {
        try {
          const { list } = await rest.memberPage(Number(id), page);
          if (this.#isRunning) onEvents([{ type: "member_list", server_id: Number(id), ...list }]);
        } catch {
          // See above.
        }
      }
    }
  }

  #schedule(delayMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.setTimeout(() => void this.#poll(), delayMs);
  }

  async #poll(): Promise<void> {
    const { rest, state, onEvents } = this.#options;
    const generation = this.#generation;
    this.#schedule(pollEveryMs);
    this.#round += 1;
    try {
      const [listed, inbox] = await Promise.all([rest.listServers(), rest.listNotifications()]);
      const servers = withoutThreads(listed);
      if (generation === this.#generation && this.#isRunning) onEvents(accountDifferences(state(), servers, inbox));
    } catch {
      // The server is unreachable or overloaded: the next poll is scheduled already.
    }
    for (const [serverId, members] of Object.entries(state().members)) {
      const ids = Object.keys(members).map(Number);
      const isDue = this.#round % manyMembersEveryRounds === 0 || ids.length <= fewMembers;
      if (isDue && this.#isRunning) await this.membersOf(Number(serverId), ids);
    }
    await this.lists();
  }
}

function inChunks(ids: readonly number[]): (readonly number[])[] {
  const starts = Array.from({ length: Math.ceil(ids.length / limits.membersPage) }, (_, n) => n * limits.membersPage);
  return starts.map((start) => ids.slice(start, start + limits.membersPage));
}
