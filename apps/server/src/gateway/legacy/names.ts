import type { LegacyUser, User } from "@miscord/protocol";
import type { Clock } from "../../clock.ts";

export interface NamesOptions {
  readonly clock: Clock;
  /** The store's `usersById`. */
  readonly find: (ids: readonly number[]) => Promise<User[]>;
}

/** How long a profile is cached. */
const freshMs = 60_000;
const maxNames = 20_000;
const idsPerQuery = 1_000;
/** How long an event waits for the store; after that it is sent with empty names. */
const maxWaitMs = 2_000;

/**
 * Cache of users by id. Events carry the acting user's profile but only the ids of users who reacted before; their
 * profiles are read from the store, once for all readers.
 */
export class Names {
  readonly #options: NamesOptions;
  readonly #known = new Map<number, { user: LegacyUser; until: number }>();

  constructor(options: NamesOptions) {
    this.#options = options;
  }

  /** The user with this id, with empty names when not cached. */
  of(id: number): LegacyUser {
    return this.#known.get(id)?.user ?? { id, username: "", display_name: "", avatar_url: null };
  }

  remember({ id, username, display_name, avatar_url }: User): void {
    const until = this.#options.clock.monotonic() + freshMs;
    this.#known.delete(id);
    this.#known.set(id, { user: { id, username, display_name, avatar_url }, until });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= maxNames) break;
      this.#known.delete(oldest);
    }
  }

  /** Resolves once the users are cached, or after `maxWaitMs`; null when they already are. */
  prepare(ids: Iterable<number>): Promise<void> | null {
    const now = this.#options.clock.monotonic();
    const unknown = [...new Set(ids)].filter((id) => (this.#known.get(id)?.until ?? 0) <= now);
    return unknown.length > 0 ? this.#load(unknown) : null;
  }

  async #load(ids: readonly number[]): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const deadline = this.#options.clock.setTimeout(resolve, maxWaitMs);
    // The circuit breaker counts failures of the store.
    await Promise.race([late, this.#find(ids).catch(() => {})]);
    deadline.cancel();
  }

  async #find(ids: readonly number[]): Promise<void> {
    for (let start = 0; start < ids.length; start += idsPerQuery) {
      for (const user of await this.#options.find(ids.slice(start, start + idsPerQuery))) this.remember(user);
    }
  }
}
