import type { Clock } from "../clock.ts";
import type { Rate } from "../concurrency/token-bucket.ts";
import { requireTokens, TokenBuckets } from "../concurrency/token-buckets.ts";
import type { ClusterBackend } from "./backend.ts";
import type { Budget } from "./contract.ts";

export interface BudgetLink {
  readonly backend: Pick<ClusterBackend, "take" | "refund">;
  /** Whether the shared place cannot be reached at the moment. */
  isAway(): boolean;
  failed(): void;
  /** The last answer that is awaited, of whichever budget of the node. */
  readonly turns: { last: Promise<unknown> | null };
}

/** A budget of all nodes; this node's own token buckets stand in while the shared ones cannot be reached. */
export class SharedBudget implements Budget {
  readonly rate: Rate;
  readonly #name: string;
  readonly #local: TokenBuckets;
  readonly #link: BudgetLink;

  constructor(name: string, rate: Rate, clock: Clock, link: BudgetLink) {
    this.rate = rate;
    this.#name = name;
    this.#local = new TokenBuckets(rate, clock);
    this.#link = link;
  }

  take(key: number | string, cost = 1): number | Promise<number> {
    const { turns } = this.#link;
    if (!this.#link.isAway()) return this.#inTurn(this.#ask(String(key), cost));
    // Earlier calls may still wait for the shared answer; overtaking them would reorder their commands.
    if (turns.last === null) return this.#local.take(String(key), cost);
    return this.#inTurn(turns.last.then(() => this.#local.take(String(key), cost)));
  }

  spend(key: number | string, cost = 1): void | Promise<void> {
    const wait = this.take(key, cost);
    return typeof wait === "number" ? requireTokens(wait) : wait.then(requireTokens);
  }

  refund(key: number | string): void {
    if (this.#link.isAway()) this.#local.refund(String(key));
    else this.#link.backend.refund({ budget: this.#name, rate: this.rate, key: String(key) });
  }

  async #ask(key: string, cost: number): Promise<number> {
    try {
      return await this.#link.backend.take({ budget: this.#name, rate: this.rate, key, cost });
    } catch {
      this.#link.failed();
      return this.#local.take(key, cost);
    }
  }

  async #inTurn(answer: Promise<number>): Promise<number> {
    const { turns } = this.#link;
    turns.last = answer;
    const waitMs = await answer;
    if (turns.last === answer) turns.last = null;
    return waitMs;
  }
}
