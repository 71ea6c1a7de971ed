import type { Clock, Timer } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { SearchReply, SearchRequest } from "./search-protocol.ts";

/** A thread of which nothing was asked for so long ends. */
const idleMs = 10 * 60_000;
const checkMs = 60_000;

const closed: SearchThread = {
  call: () => Promise.reject(new AppError("unavailable", "The database is not available.")),
};

interface SearchThread {
  call(request: SearchRequest): Promise<SearchReply>;
}

/** Of a `WorkerLink`. */
export interface StartedThread extends SearchThread {
  close(): Promise<void>;
}

/**
 * A thread that is started when it is needed and ends when it has not been for ten minutes: an empty one takes 13 MB. Its
 * databases are opened with it.
 */
export class OccasionalThread {
  readonly #begin: () => StartedThread;
  readonly #clock: Clock;
  #link: StartedThread | null = null;
  #hasAnswered = false;
  #neededAt = 0;
  #check: Timer | null = null;
  #isClosed = false;
  #ending: Promise<unknown> = Promise.resolve();

  constructor(begin: () => StartedThread, clock: Clock) {
    this.#begin = begin;
    this.#clock = clock;
  }

  /** Null until it answers. */
  get running(): SearchThread | null {
    return this.#hasAnswered ? this.#link : null;
  }

  /** Starts it unless it runs, and keeps it from ending for a while. */
  need(): SearchThread {
    if (this.#isClosed) return closed;
    this.#neededAt = this.#clock.monotonic();
    return this.#link ?? this.#start();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#end();
  }

  #start(): StartedThread {
    const link = this.#begin();
    this.#link = link;
    const answered = () => {
      if (this.#link === link) this.#hasAnswered = true;
    };
    // Its death is the link's to report.
    link.call({ slot: 0, sql: "select 1", parameters: [] }).then(answered, () => {});
    this.#check = this.#clock.setInterval(() => this.#endWhenIdle(), checkMs);
    return link;
  }

  #endWhenIdle(): void {
    if (this.#clock.monotonic() - this.#neededAt >= idleMs) void this.#end();
  }

  #end(): Promise<unknown> {
    const link = this.#link;
    this.#link = null;
    this.#hasAnswered = false;
    this.#check?.cancel();
    this.#check = null;
    if (link) this.#ending = Promise.all([this.#ending, link.close()]);
    return this.#ending;
  }
}
