import type { Clock } from "../../clock.ts";
import type { LogCommand } from "../contract.ts";

export interface CommitPaceOptions {
  clock: Clock;
  /** The longest that many people's writing makes it wait. */
  maxIntervalMs: number;
  /** How long what is committed waits at present to be told: to commit more often shows nobody anything sooner. */
  flushIntervalMs: () => number;
}

/** People a second who write without waiting for each other, and from how many the interval is the longest. */
const quietPeople = 60;
const busyPeople = 200;
const secondMs = 1_000;

/** How long commands gather before the log commits them; docs/decisions/group-commit.md has the reasons. */
export class CommitPace {
  readonly #options: CommitPaceOptions;
  readonly #people = new PeopleMeter();

  constructor(options: CommitPaceOptions) {
    this.#options = options;
  }

  count(command: LogCommand): void {
    const personId = command.kind === "send" ? command.authorId : command.actorId;
    this.#people.count(personId, this.#options.clock.monotonic());
  }

  /** What the first that waits for a transaction waits at most. */
  intervalMs(): number {
    const { clock, maxIntervalMs, flushIntervalMs } = this.#options;
    const share = (this.#people.perSecond(clock.monotonic()) - quietPeople) / (busyPeople - quietPeople);
    return share <= 0 ? 0 : Math.max(flushIntervalMs(), maxIntervalMs * Math.min(1, share));
  }
}

/**
 * How many write. Each counts once a second, however often they do: who waits for one answer before the next message
 * is quick only as long as nobody lets them wait.
 */
class PeopleMeter {
  #before = new Set<number>();
  #current = new Set<number>();
  #since = 0;

  count(personId: number, nowMs: number): void {
    this.#roll(nowMs);
    this.#current.add(personId);
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
