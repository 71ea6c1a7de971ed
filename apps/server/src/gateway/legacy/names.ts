import type { LegacyUser, User } from "@miscord/protocol";
import type { Clock } from "../../clock.ts";

export interface NamesOptions {
  readonly clock: Clock;
  /** The store's `usersById`. */
  readonly find: (ids: readonly number[]) => Promise<User[]>;
}

/** Profiles change: what was asked longer ago is asked again. */
const freshMs = 60_000;
const maxNames = 20_000;
const idsAtOnce = 1_000;
/** An event that has waited so long for the store goes out without names. */
const patienceMs = 2_000;

/**
 * Who stands behind the ids of an event. Events tell who acted, not who did so before; those are asked of the store,
 * once for a while and for all who listen.
 */
export class Names {
  readonly #options: NamesOptions;
  readonly #known = new Map<number, { user: LegacyUser; until: number }>();

  constructor(options: NamesOptions) {
    this.#options = options;
  }

  /** Somebody who is not known has an empty name. */
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

  /** Resolves once all that can be known is; null when it is already. */
  prepare(ids: Iterable<number>): Promise<void> | null {
    const now = this.#options.clock.monotonic();
    const unknown = [...new Set(ids)].filter((id) => (this.#known.get(id)?.until ?? 0) <= now);
    return unknown.length > 0 ? this.#ask(unknown) : null;
  }

  async #ask(ids: readonly number[]): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const deadline = this.#options.clock.setTimeout(resolve, patienceMs);
    // A store that fails is the breaker's matter.
    await Promise.race([late, this.#find(ids).catch(() => {})]);
    deadline.cancel();
  }

  async #find(ids: readonly number[]): Promise<void> {
    for (let start = 0; start < ids.length; start += idsAtOnce) {
      for (const user of await this.#options.find(ids.slice(start, start + idsAtOnce))) this.remember(user);
    }
  }
}
