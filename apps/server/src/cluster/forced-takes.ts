import type { Clock, Timer } from "../clock.ts";
import type { ClusterBackend, Take } from "./backend.ts";

/** How long tokens that were spent optimistically wait to be sent together. */
const gatherMs = 100;

interface Waiting {
  readonly take: Take;
  readonly resolve: (left: number) => void;
  readonly reject: (error: unknown) => void;
}

/** Sends the tokens that a node has spent optimistically, of all of its budgets together. */
export class ForcedTakes {
  readonly #backend: Pick<ClusterBackend, "force">;
  readonly #clock: Clock;
  #waiting: Waiting[] = [];
  #timer: Timer | null = null;
  #answered: Promise<void> = Promise.resolve();

  constructor(backend: Pick<ClusterBackend, "force">, clock: Clock) {
    this.#backend = backend;
    this.#clock = clock;
  }

  /** Resolves with the tokens that are left in the shared bucket. */
  add(take: Take): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#waiting.push({ take, resolve, reject });
    this.#timer ??= this.#clock.setTimeout(() => void this.send(), gatherMs);
    return promise;
  }

  /** Sends at once what is waiting, and resolves once everything that was sent has its answer. */
  send(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = null;
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length > 0) this.#answered = this.#sendAll(batch, this.#answered);
    return this.#answered;
  }

  async #sendAll(batch: readonly Waiting[], before: Promise<void>): Promise<void> {
    const answer = this.#backend.force(batch.map(({ take }) => take));
    try {
      const left = await answer;
      for (const [i, { resolve }] of batch.entries()) resolve(left[i]!);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    await before;
  }
}
