import type { Clock } from "../../clock.ts";
import type { LogCommand } from "../contract.ts";

export interface CommitPaceOptions {
  clock: Clock;
  /** Longest commit interval in milliseconds that the number of senders alone can cause. */
  maxIntervalMs: number;
  /** Current delivery flush interval. Committing more often than this does not make messages visible earlier. */
  flushIntervalMs: () => number;
  /** What the core of this process has to bear of the senders of its machine; all of its own by default. */
  ofCore?: (own: number, all: number) => number;
}

const alone = (own: number) => own;

/** Distinct senders per second up to which the interval is 0, and from which it is longest. */
const quietSenders = 80;
const busySenders = 200;
/** Length of the counting window. */
const secondMs = 1_000;

/** Computes how long the log gathers commands before it commits them; docs/decisions/group-commit.md has the reasons. */
export class CommitPace {
  /** Distinct senders per second of the other nodes on this machine. */
  elsewherePerSecond = 0;
  /** Whether other nodes, of whichever machine, commit more than a few messages as well. */
  othersCommit = false;
  readonly #options: CommitPaceOptions;
  readonly #senders = new SenderMeter();

  constructor(options: CommitPaceOptions) {
    this.#options = options;
  }

  /** Counts the command's user as a sender. */
  count(command: LogCommand): void {
    const userId = command.kind === "send" ? command.authorId : command.actorId;
    this.#senders.count(userId, this.#options.clock.monotonic());
  }

  /** Distinct senders per second of this process. */
  ownPerSecond(): number {
    return this.#senders.perSecond(this.#options.clock.monotonic());
  }

  /** Milliseconds that the oldest waiting command waits for its transaction at most. */
  intervalMs(): number {
    const { maxIntervalMs, flushIntervalMs, ofCore = alone } = this.#options;
    const own = this.ownPerSecond();
    const senders = ofCore(own, own + this.elsewherePerSecond);
    const share = (senders - quietSenders) / (busySenders - quietSenders);
    // What several nodes commit waits for the flush as well, so it waits half as long for its transaction.
    const flushMs = this.othersCommit ? flushIntervalMs() / 2 : flushIntervalMs();
    return share <= 0 ? 0 : Math.max(flushMs, maxIntervalMs * Math.min(1, share));
  }

  /**
   * Milliseconds that delivery may take off its own interval. Nothing when several nodes commit: their transactions begin
   * at different times, and a channel would be flushed as often as all of them commit.
   */
  gatheredMs(): number {
    return this.othersCommit ? 0 : this.intervalMs();
  }
}

/**
 * Counts distinct senders, not messages: a client that awaits each ack sends fast only because acks are fast, and
 * delaying it would only slow it down. The rate is estimated from this window and the previous one.
 */
class SenderMeter {
  #before = new Set<number>();
  #current = new Set<number>();
  #since = 0;

  count(userId: number, nowMs: number): void {
    this.#roll(nowMs);
    this.#current.add(userId);
  }

  perSecond(nowMs: number): number {
    this.#roll(nowMs);
    return this.#before.size * (1 - (nowMs - this.#since) / secondMs) + this.#current.size;
  }

  #roll(nowMs: number): void {
    const elapsedMs = nowMs - this.#since;
    if (elapsedMs < secondMs) return;
    this.#before = elapsedMs < 2 * secondMs ? this.#current : new Set();
    this.#current = new Set();
    this.#since = nowMs;
  }
}
