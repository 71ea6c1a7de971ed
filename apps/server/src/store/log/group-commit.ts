import type { Clock, Timer } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { ChannelLog, Committed, LogCommand, LogOutcome } from "../contract.ts";
import type { CommitPace } from "./commit-pace.ts";

export interface GroupCommitOptions {
  clock: Clock;
  pace: Pick<CommitPace, "count" | "intervalMs">;
  /** Commands that share a transaction at most. */
  perTransaction: number;
  /** Commands that may wait; more are refused, so that a database that is too slow costs no memory without limit. */
  waitingAtMost: number;
  /** The listener threw. What it was told is durable all the same, and whoever asked is answered. */
  onListenerError: (error: unknown) => void;
}

interface Waiting {
  command: LogCommand;
  since: number;
  resolve(outcome: LogOutcome): void;
  reject(error: unknown): void;
}

/** So many share their transaction's cost well enough: they wait for no more. */
const enoughForOne = 40;

/**
 * Everything that arrives while a transaction runs, or until the next one may begin, shares it: one wait for the disk
 * pays for all, and the busier it gets the less each costs. After a pause nothing waits.
 */
export class GroupCommit implements Pick<ChannelLog, "commit" | "onCommitted"> {
  readonly #transact: (commands: readonly LogCommand[]) => Promise<LogOutcome[]>;
  readonly #options: GroupCommitOptions;
  #queue: Waiting[] = [];
  #running: Promise<void> | null = null;
  #timer: { at: number; handle: Timer } | null = null;
  #begunAt = -Infinity;
  #closed = false;
  #listener: (outcome: Committed, command: LogCommand) => void = () => {};

  /** `transact` makes the commands durable in one transaction, or rejects and leaves nothing of them. */
  constructor(transact: (commands: readonly LogCommand[]) => Promise<LogOutcome[]>, options: GroupCommitOptions) {
    this.#transact = transact;
    this.#options = options;
  }

  onCommitted(listener: (outcome: Committed, command: LogCommand) => void): void {
    this.#listener = listener;
  }

  commit(command: LogCommand): Promise<LogOutcome> {
    if (this.#closed) return Promise.reject(new AppError("unavailable", "The server is stopping."));
    if (this.#queue.length >= this.#options.waitingAtMost) {
      return Promise.reject(new AppError("unavailable", "Too much is waiting to be written.", { retryAfterMs: 1_000 }));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ command, since: this.#options.clock.monotonic(), resolve, reject });
      this.#options.pace.count(command);
      this.#wake();
    });
  }

  /** Refuses what comes from now on and waits for what was accepted. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#wake();
    await this.#running;
  }

  /** Has what waits begin now, or when its time comes. */
  #wake(): void {
    if (this.#running || this.#queue.length === 0) return;
    const at = this.#dueAt();
    const waitMs = at - this.#options.clock.monotonic();
    if (waitMs <= 0) {
      this.#timer?.handle.cancel();
      this.#timer = null;
      this.#running = this.#run();
      return;
    }
    if (this.#timer && this.#timer.at <= at) return;
    this.#timer?.handle.cancel();
    const onTime = () => {
      this.#timer = null;
      this.#wake();
    };
    this.#timer = { at, handle: this.#options.clock.setTimeout(onTime, Math.ceil(waitMs)) };
  }

  /** When what waits may begin: the first of it waits for the interval, and after a pause not at all. */
  #dueAt(): number {
    const { length: count, 0: first } = this.#queue;
    if (!first || this.#closed || count >= enoughForOne) return -Infinity;
    const intervalMs = this.#options.pace.intervalMs();
    if (first.since - this.#begunAt >= intervalMs) return -Infinity;
    // A node that was busy writing took it in late. Had they come evenly, the first would have come by then.
    const evenly = count === 1 ? Infinity : this.#begunAt + (intervalMs * count) / (count - 1);
    return Math.min(first.since + intervalMs, evenly);
  }

  async #run(): Promise<void> {
    // What the same turn of the event loop brings goes together, even when nothing was running.
    await Promise.resolve();
    let current = this.#begin();
    while (current) {
      const { batch, done } = current;
      const result = await done.then(
        (outcomes) => ({ outcomes }),
        (error: unknown) => ({ error }),
      );
      // The next transaction runs in its worker while this thread hands out the results of this one.
      current = this.#dueAt() > this.#options.clock.monotonic() ? null : this.#begin();
      if (!current) this.#running = null;
      if ("outcomes" in result) this.#settle(batch, result.outcomes);
      else for (const waiting of batch) waiting.reject(result.error);
    }
    this.#wake();
  }

  #begin(): { batch: Waiting[]; done: Promise<LogOutcome[]> } | null {
    if (this.#queue.length === 0) return null;
    this.#begunAt = this.#options.clock.monotonic();
    const batch = this.#queue.slice(0, this.#options.perTransaction);
    this.#queue = this.#queue.slice(this.#options.perTransaction);
    return { batch, done: this.#transact(batch.map((waiting) => waiting.command)) };
  }

  /** First everything is made visible, in order; then those who asked are told. */
  #settle(batch: readonly Waiting[], outcomes: readonly LogOutcome[]): void {
    for (const [index, { command }] of batch.entries()) {
      const outcome = outcomes[index];
      if (outcome?.ok && outcome.event) this.#tellListener(outcome, command);
    }
    for (const [index, waiting] of batch.entries()) {
      const outcome = outcomes[index];
      if (outcome) waiting.resolve(outcome);
      else waiting.reject(new Error("The transaction answered with too few outcomes."));
    }
  }

  #tellListener(outcome: Committed, command: LogCommand): void {
    try {
      this.#listener(outcome, command);
    } catch (error) {
      this.#options.onListenerError(error);
    }
  }
}
