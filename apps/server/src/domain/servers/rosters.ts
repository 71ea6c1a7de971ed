import { setTimeout as pause } from "node:timers/promises";
import type { Kysely } from "kysely";
import { rosterOf, type Roster } from "../../store/queries/members.ts";
import type { Tables } from "../../store/schema.ts";

/** Of the time of the thread that reads, the members of one server take at most about one part in this many. */
const readShare = 10;
/** Reads that take less than this many milliseconds need no pause. */
const shortMs = 5;

/**
 * Reads the members of servers. That of a large server keeps other reads waiting: those who ask before it begins share
 * it, and the next one begins after a pause.
 */
export class Rosters {
  readonly #db: Kysely<Tables>;
  /** Reads that have not begun, by server. */
  readonly #waiting = new Map<number, Promise<Roster>>();
  /** By server: resolves when the next read may begin. */
  readonly #pauses = new Map<number, Promise<void>>();

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** As the members are when it is called, or later. */
  read(serverId: number): Promise<Roster> {
    const shared = this.#waiting.get(serverId);
    if (shared) return shared;
    const read = this.#readAfter(serverId, this.#pauses.get(serverId));
    this.#waiting.set(serverId, read);
    return read;
  }

  async #readAfter(serverId: number, before: Promise<void> | undefined): Promise<Roster> {
    // Also without a pause after `read` has noted that it waits.
    await before;
    this.#waiting.delete(serverId);
    const began = performance.now();
    const read = rosterOf(this.#db, serverId);
    const next = this.#pauseAfter(read, began);
    this.#pauses.set(serverId, next);
    void next.then(() => this.#pauses.get(serverId) === next && this.#pauses.delete(serverId));
    return read;
  }

  async #pauseAfter(read: Promise<unknown>, began: number): Promise<void> {
    await read.catch(() => {});
    const tookMs = performance.now() - began;
    if (tookMs >= shortMs) await pause(readShare * tookMs, undefined, { ref: false });
  }
}
