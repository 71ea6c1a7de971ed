import type { Kysely } from "kysely";
import type { Clock } from "../../clock.ts";
import type { LivePresence } from "../../domain/presence/presence.ts";
import { peersOf } from "../../store/queries/relationships.ts";
import type { Tables } from "../../store/schema.ts";

export interface PeerReaderOptions {
  readonly db: Kysely<Tables>;
  readonly presence: Pick<LivePresence, "setPeers">;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** Users in one query; bounds the parameters of its statement. */
const usersAtOnce = 500;
const retryMs = 1_000;

/**
 * Reads to whom the status of this node's users is shown. One query runs at a time, so that an older answer never takes
 * the place of a newer one. A query that fails is repeated.
 */
export class PeerReader {
  readonly #options: PeerReaderOptions;
  readonly #wanted = new Set<number>();
  #isReading = false;
  #isStopped = false;

  constructor(options: PeerReaderOptions) {
    this.#options = options;
  }

  /** To be called after each change for the user. */
  changed(userId: number): void {
    this.#wanted.add(userId);
    if (!this.#isReading) void this.#read();
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #read(): Promise<void> {
    const { db, presence, clock, onError } = this.#options;
    this.#isReading = true;
    while (this.#wanted.size > 0 && !this.#isStopped) {
      const userIds = [...this.#wanted].slice(0, usersAtOnce);
      for (const userId of userIds) this.#wanted.delete(userId);
      try {
        const peers = await peersOf(db, userIds);
        for (const userId of userIds) presence.setPeers(userId, [...(peers.get(userId) ?? [])]);
      } catch (error) {
        for (const userId of userIds) this.#wanted.add(userId);
        onError(error);
        await new Promise<void>((resolve) => clock.setTimeout(resolve, retryMs));
      }
    }
    this.#isReading = false;
  }
}
