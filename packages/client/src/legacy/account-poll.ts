import type { MainEvent } from "@miscord/protocol";
import type { Clock, Timer } from "../platform.ts";
import type { Rest } from "../rest/rest.ts";
import type { ClientState } from "../state/types.ts";
import { accountDifferences, memberDifferences } from "./account-differences.ts";

/** Gentle: what matters at once comes with a hint. */
const intervalMs = 10_000;
/** Hints come in bunches. */
const soonMs = 200;
/** More members than this are asked for more rarely: they are many, and change their names seldom. */
const fewMembers = 200;
const manyMembersEveryRounds = 6;

interface Options {
  clock: Clock;
  rest: Pick<Rest, "listServers" | "listNotifications" | "listMembers">;
  state: () => ClientState;
  onEvents: (events: readonly MainEvent[]) => void;
}

/** Tells as events what no legacy socket tells: unread channels, mentions, what exactly changed in a server. */
export class AccountPoll {
  readonly #options: Options;
  #isRunning = false;
  #timer: Timer | null = null;
  #round = 0;
  /** Answers from before the latest hint may not know what it was about. */
  #generation = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  start(): void {
    this.#isRunning = true;
    this.#schedule(intervalMs);
  }

  stop(): void {
    this.#isRunning = false;
    this.#generation += 1;
    this.#timer?.cancel();
  }

  /** Something changed that has to be asked for. */
  pollSoon(): void {
    this.#generation += 1;
    if (this.#isRunning) this.#schedule(soonMs);
  }

  /** Somebody came to this server, or its list may be out of date. */
  async membersOf(serverId: number, joinedId: number | null = null): Promise<void> {
    try {
      const members = await this.#options.rest.listMembers(serverId);
      if (this.#isRunning)
        this.#options.onEvents(memberDifferences(this.#options.state(), serverId, members, joinedId));
    } catch {
      // The next round asks again.
    }
  }

  #schedule(delayMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.setTimeout(() => void this.#poll(), delayMs);
  }

  async #poll(): Promise<void> {
    const { rest, state, onEvents } = this.#options;
    const generation = this.#generation;
    this.#schedule(intervalMs);
    this.#round += 1;
    try {
      const [servers, inbox] = await Promise.all([rest.listServers(), rest.listNotifications()]);
      if (generation === this.#generation && this.#isRunning) onEvents(accountDifferences(state(), servers, inbox));
    } catch {
      // Away or overloaded: the next round comes by itself.
    }
    for (const [serverId, members] of Object.entries(state().members)) {
      const isDue = this.#round % manyMembersEveryRounds === 0 || Object.keys(members).length <= fewMembers;
      if (isDue && this.#isRunning) await this.membersOf(Number(serverId));
    }
  }
}
