import type { Clock } from "../clock.ts";
import type { Rate } from "../concurrency/token-bucket.ts";
import { requireTokens, TokenBuckets } from "../concurrency/token-buckets.ts";
import type { ClusterBackend } from "./backend.ts";
import type { Budget } from "./contract.ts";
import type { ForcedTakes } from "./forced-takes.ts";

export interface BudgetLink {
  readonly backend: Pick<ClusterBackend, "take" | "refund">;
  readonly forced: ForcedTakes;
  /** Whether the shared place cannot be reached at the moment. */
  isAway(): boolean;
  failed(): void;
  /** By key: the last answer that is awaited, of whichever budget of the node. */
  readonly turns: Map<string, Turn>;
}

export interface Turn {
  readonly answer: Promise<number>;
  /** Resolves once this node's memory has the answer; until then its optimistic budgets know too little. */
  readonly settled: Promise<unknown>;
  /** The answer comes from this node's memory, after those before it; later ones must not overtake it. */
  readonly isQueued: boolean;
}

/** Tokens that a node may have spent of an optimistic budget before the shared bucket knows of it. */
export function aheadOf({ burst }: Rate): number {
  return Math.max(1, Math.floor(burst / 10));
}

/**
 * A budget of all nodes. This node's own token buckets stand in while the shared ones cannot be reached; of an optimistic
 * budget they are what the node knows of the shared ones.
 */
export class SharedBudget implements Budget {
  readonly rate: Rate;
  readonly #name: string;
  readonly #isOptimistic: boolean;
  readonly #local: TokenBuckets;
  readonly #link: BudgetLink;
  /** Tokens by key that the shared bucket does not know of yet. */
  readonly #ahead = new Map<string, number>();

  constructor(
    { name, rate, optimistic }: { name: string; rate: Rate; optimistic: boolean },
    clock: Clock,
    link: BudgetLink,
  ) {
    this.rate = rate;
    this.#name = name;
    this.#isOptimistic = optimistic;
    this.#local = new TokenBuckets(rate, clock);
    this.#link = link;
  }

  take(key: number | string, cost = 1): number | Promise<number> {
    const name = String(key);
    const before = this.#link.turns.get(name);
    // Earlier calls may still wait for the shared answer; overtaking them would reorder their commands.
    if (before && (before.isQueued || this.#link.isAway())) {
      const answer = before.answer.then(() => this.#takeNow(name, cost));
      return this.#inTurn(name, { answer, settled: answer, isQueued: true });
    }
    const now = before ? null : this.#grant(name, cost);
    return now ?? this.#inTurn(name, this.#ask(name, cost));
  }

  spend(key: number | string, cost = 1): void | Promise<void> {
    const wait = this.take(key, cost);
    return typeof wait === "number" ? requireTokens(wait) : wait.then(requireTokens);
  }

  refund(key: number | string): void {
    if (this.#link.isAway()) this.#local.refund(String(key));
    else this.#link.backend.refund({ budget: this.#name, rate: this.rate, key: String(key) });
  }

  charge(key: number | string, cost: number): void {
    if (cost === 0) return;
    const name = String(key);
    this.#local.charge(name, cost);
    if (!this.#link.isAway()) this.#noteAhead(name, cost);
  }

  #takeNow(key: string, cost: number): number | Promise<number> {
    return this.#grant(key, cost) ?? this.#ask(key, cost).answer;
  }

  /** The answer that needs nobody else; null when the shared bucket has to be asked. */
  #grant(key: string, cost: number): number | null {
    if (this.#link.isAway()) return this.#local.take(key, cost);
    if (!this.#isOptimistic) return null;
    const ahead = (this.#ahead.get(key) ?? 0) + cost;
    if (ahead > aheadOf(this.rate) || this.#local.take(key, cost) > 0) return null;
    this.#noteAhead(key, cost);
    return 0;
  }

  #noteAhead(key: string, cost: number): void {
    this.#ahead.set(key, (this.#ahead.get(key) ?? 0) + cost);
    void this.#tell(key, cost);
  }

  /** Tells the shared bucket what was spent, and learns what is left. */
  async #tell(key: string, cost: number): Promise<void> {
    const take = { budget: this.#name, rate: this.rate, key, cost };
    let left: number | null = null;
    try {
      left = await this.#link.forced.add(take);
    } catch {
      this.#link.failed();
    }
    const ahead = (this.#ahead.get(key) ?? 0) - cost;
    if (ahead === 0) this.#ahead.delete(key);
    else this.#ahead.set(key, ahead);
    if (left !== null) this.#local.set(key, left - ahead);
  }

  /** Answers of both kinds of budget take the same way, so that none overtakes another that came with it. */
  #ask(key: string, cost: number): Turn {
    // The shared bucket has to know first what was spent before, and its answers count in their order.
    const told = this.#isOptimistic ? this.#link.forced.send() : null;
    const answer = this.#askShared(key, cost);
    const settled = told ? Promise.all([answer, told]).then(([waitMs]) => this.#learn(key, cost, waitMs)) : answer;
    return { answer, settled, isQueued: false };
  }

  async #askShared(key: string, cost: number): Promise<number> {
    try {
      return await this.#link.backend.take({ budget: this.#name, rate: this.rate, key, cost });
    } catch {
      this.#link.failed();
      return this.#local.take(key, cost);
    }
  }

  #learn(key: string, cost: number, waitMs: number): void {
    if (this.#link.isAway()) return;
    if (waitMs === 0) this.#local.force(key, cost);
    else this.#local.set(key, cost - (waitMs / 1_000) * this.rate.perSecond);
  }

  #inTurn(key: string, turn: Turn): Promise<number> {
    const { turns } = this.#link;
    turns.set(key, turn);
    void this.#forgetLater(key, turn);
    return turn.answer;
  }

  async #forgetLater(key: string, turn: Turn): Promise<void> {
    await turn.settled;
    const { turns } = this.#link;
    if (turns.get(key) === turn) turns.delete(key);
  }
}
