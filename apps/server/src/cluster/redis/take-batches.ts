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

  /** See `ClusterBackend`. */
  async force(takes: readonly Take[]): Promise<number[]> {
    return numbers(await this.#ask("force", takes), takes.length);
  }

  #send(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    const takes = batch.map(({ take }) => take);
    this.#answered = this.#settle(batch, this.#ask("take", takes), this.#answered);
  }

  #ask(mode: "take" | "force", takes: readonly Take[]): Promise<unknown> {
    const keys = takes.map((take) => `${this.#prefix}budget:${take.budget}:${take.key}`);
    const args = takes.flatMap(({ rate, cost }) => [rate.perSecond, rate.burst, cost]);
    return this.#run(takeScript, keys, [mode, ...args]);
  }

  async #settle(batch: readonly Waiting[], answer: Promise<unknown>, before: Promise<void>): Promise<void> {
    const [, outcome] = await Promise.allSettled([before, answer.then((values) => numbers(values, batch.length))]);
    for (const [i, { resolve, reject }] of batch.entries()) {
      if (outcome.status === "fulfilled") resolve(outcome.value[i]!);
      else reject(outcome.reason);
    }
  }
}

function numbers(values: unknown, count: number): number[] {
  if (!Array.isArray(values) || values.length !== count) throw new Error("Redis gave an unexpected answer.");
  return values.map(Number);
}
