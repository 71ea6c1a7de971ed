import type { Clock } from "../../clock.ts";
import { every } from "../../concurrency/every.ts";
import type { Store } from "../../store/contract.ts";
import { momentsQuery, nextMoments, type DueKind, type MomentsQuery } from "../../store/queries/due-work.ts";

/** Work is begun so long after its time at the latest, unless its duty asks for less. */
const everyMs = 500;

/** Work that some part of the domain does when its time has come. */
export interface Duty {
  /** What it does. One that is due of any of them begins it. */
  readonly kinds: readonly DueKind[];
  /** Begins it besides; asked at each look, before the database is. */
  readonly isTime?: () => boolean;
  /** It begins once in this time at most, by whole looks. */
  readonly pauseMs: number;
  /** Does what is due on this node, or nothing when another one does. Called again as long as anything is due. */
  readonly work: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/**
 * Looks twice a second whether the time of anything has come, by one query for all duties of this process: a query wakes a
 * thread, and one for each kind of work cost an instance at rest more than all else that it did. What many nodes find at
 * once, they share out by claims and leases.
 */
export class DueWork {
  readonly #store: Pick<Store, "db">;
  readonly #clock: Clock;
  readonly #duties = new Map<Duty, { isWorking: boolean; notBefore: number }>();
  readonly #stop: () => void;
  #query: MomentsQuery | null = null;

  /** `onError` receives failures of the looks; those of duties go to the duties. */
  constructor({ store, clock }: { store: Pick<Store, "db">; clock: Clock }, onError: (error: unknown) => void) {
    this.#store = store;
    this.#clock = clock;
    this.#stop = every(clock, { everyMs, work: () => this.#look(), onError });
  }

  /** Returns the function that takes it away again. Work that runs then may fail unheard, because what it uses is being closed. */
  add(duty: Duty): () => void {
    this.#duties.set(duty, { isWorking: false, notBefore: 0 });
    this.#query = null;
    return () => {
      this.#duties.delete(duty);
      this.#query = null;
    };
  }

  stop(): void {
    this.#stop();
    this.#duties.clear();
  }

  async #look(): Promise<void> {
    // Before the query, so that what they ask travels to the database's thread with it.
    for (const duty of this.#duties.keys()) if (duty.isTime?.()) this.#begin(duty);
    const waiting = [...this.#duties.keys()].filter(({ kinds }) => kinds.length > 0);
    if (waiting.length === 0) return;
    const { db } = this.#store;
    this.#query ??= momentsQuery(
      db,
      waiting.flatMap(({ kinds }) => kinds),
    );
    const moments = await nextMoments(db, this.#query);
    const now = this.#clock.now();
    const isDue = (kind: DueKind) => (moments[kind] ?? Number.POSITIVE_INFINITY) <= now;
    for (const duty of waiting) if (duty.kinds.some(isDue)) this.#begin(duty);
  }

  #begin(duty: Duty): void {
    const state = this.#duties.get(duty);
    if (!state || state.isWorking || this.#clock.monotonic() < state.notBefore) return;
    Object.assign(state, { isWorking: true, notBefore: this.#clock.monotonic() + duty.pauseMs - everyMs / 2 });
    duty
      .work()
      .catch((error: unknown) => {
        if (this.#duties.has(duty)) duty.onError(error);
      })
      .finally(() => {
        state.isWorking = false;
      });
  }
}
