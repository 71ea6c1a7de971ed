import type { Clock, Timer } from "../../clock.ts";
import { AppError, OverloadError } from "../../errors.ts";
import type { ChannelLog, Committed, LogCommand, LogOutcome } from "../contract.ts";
import type { CommitPace } from "./commit-pace.ts";

export interface GroupCommitOptions {
  clock: Clock;
  pace: Pick<CommitPace, "count" | "intervalMs">;
  /** Most commands in one transaction. */
  perTransaction: number;
  /** Most waiting commands. Further ones are refused, which bounds the memory when the database is slow. */
  waitingAtMost: number;
  /** Called when the listener throws. The change is durable nevertheless, and the command's promise resolves. */
  onListenerError: (error: unknown) => void;
}

interface Waiting {
  command: LogCommand;
  /** Monotonic time of `commit`. */
  since: number;
  resolve(outcome: LogOutcome): void;
  reject(error: unknown): void;
}

/** Commands that start a transaction without waiting for the interval: sharing its cost with more gains little. */
const enoughCommands = 40;

/**
 * Commits commands in shared transactions. Commands that arrive while a transaction runs, or within the pace's interval
 * after its start, share the next one and its one wait for the disk. A command after a pause starts at once.
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

  /** `transact` makes the commands durable in one transaction, or rejects and stores nothing. */
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
      return Promise.reject(new OverloadError());
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ command, since: this.#options.clock.monotonic(), resolve, reject });
      this.#options.pace.count(command);
      this.#wake();
    });
  }

  /** Refuses later commands and resolves once the accepted ones are durable. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#wake();
    await this.#running;
  }

  /** Starts the next transaction if it is due, or sets a timer for it. */
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

  /** Monotonic time at which the next transaction may start; -Infinity: at once. */
  #dueAt(): number {
    const { length: count, 0: first } = this.#queue;
    if (!first || this.#closed || count >= enoughCommands) return -Infinity;
    const intervalMs = this.#options.pace.intervalMs();
    if (first.since - this.#begunAt >= intervalMs) return -Infinity;
    // A busy event loop reads commands late and together. Assumes that they arrived evenly since the last transaction.
    const evenly = count === 1 ? Infinity : this.#begunAt + (intervalMs * count) / (count - 1);
    return Math.min(first.since + intervalMs, evenly);
  }

  async #run(): Promise<void> {
    // Commands of the same turn of the event loop share a transaction even when none was running.
    await Promise.resolve();
    let current = this.#begin();
    while (current) {
      const { batch, done } = current;
      const result = await done.then(
        (outcomes) => ({ outcomes }),
        (error: unknown) => ({ error }),
      );
      // The next transaction runs in the worker while this thread settles the results of this one.
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

  /** Passes all events to the listener, in order, before it resolves any command (L6 in contract.ts). */
  #settle(batch: readonly Waiting[], outcomes: readonly LogOutcome[]): void {
    for (const [index, { command }] of batch.entries()) {
      const outcome = outcomes[index];
      if (!outcome?.ok || !outcome.event) continue;
      this.#callListener(outcome, command);
      if (outcome.line) this.#callListener(outcome.line, command);
    }
    for (const [index, waiting] of batch.entries()) {
      const outcome = outcomes[index];
      if (outcome) waiting.resolve(outcome);
      else waiting.reject(new Error("The transaction answered with too few outcomes."));
    }
  }

  #callListener(outcome: Committed, command: LogCommand): void {
    try {
      this.#listener(outcome, command);
    } catch (error) {
      this.#options.onListenerError(error);
    }
  }
}
