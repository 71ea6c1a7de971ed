import type { Take } from "../backend.ts";
import { takeScript } from "./scripts.ts";

type Run = (script: string, keys: string[], args: readonly (string | number)[]) => Promise<unknown>;

interface Waiting {
  readonly take: Take;
  readonly resolve: (waitMs: number) => void;
  readonly reject: (error: unknown) => void;
}

/** Sends the takes of one turn of the event loop to Redis together, and answers them in the order of the calls. */
export class TakeBatches {
  readonly #run: Run;
  readonly #prefix: string;
  #waiting: Waiting[] = [];
  #answered: Promise<void> = Promise.resolve();

  constructor(run: Run, prefix: string) {
    this.#run = run;
    this.#prefix = prefix;
  }

  take(take: Take): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    if (this.#waiting.length === 0) setImmediate(() => this.#send());
    this.#waiting.push({ take, resolve, reject });
    return promise;
  }

  #send(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    const keys = batch.map(({ take }) => `${this.#prefix}budget:${take.budget}:${take.key}`);
    const args = batch.flatMap(({ take: { rate, cost } }) => [rate.perSecond, rate.burst, cost]);
    const answer = this.#run(takeScript, keys, args);
    this.#answered = this.#settle(batch, answer, this.#answered);
  }

  async #settle(batch: readonly Waiting[], answer: Promise<unknown>, before: Promise<void>): Promise<void> {
    const [, outcome] = await Promise.allSettled([before, answer]);
    const waits = outcome.status === "fulfilled" && Array.isArray(outcome.value) ? (outcome.value as unknown[]) : null;
    for (const [i, { resolve, reject }] of batch.entries()) {
      if (waits) resolve(Number(waits[i]));
      else reject(outcome.status === "rejected" ? outcome.reason : new Error("Redis gave an unexpected answer."));
    }
  }
}
