import type { Clock } from "../../clock.ts";
import type { QueryReply, QueryRequest, QueryThread } from "./query-protocol.ts";

/** A search's next query comes within this time after the answer to the one before. */
const nextMs = 2;
/** Searches that follow each other without end hold indexing up for so long at each step. */
const waitAtMostMs = 20;
const lookAgainMs = 1;

/**
 * Keeps steps of indexing from getting in between the queries of one search, which come one after the other: each of them
 * would wait for a step.
 */
export class SearchesFirst implements QueryThread {
  readonly #thread: QueryThread;
  readonly #clock: Clock;
  #asking = 0;
  #answeredAt = -Infinity;

  /** `thread`: what answers the searches' queries. */
  constructor(thread: QueryThread, clock: Clock) {
    this.#thread = thread;
    this.#clock = clock;
  }

  async call(request: QueryRequest): Promise<QueryReply> {
    this.#asking += 1;
    try {
      return await this.#thread.call(request);
    } finally {
      this.#asking -= 1;
      this.#answeredAt = this.#clock.monotonic();
    }
  }

  /** To be awaited before a step: resolves once no search is under way. */
  async pass(): Promise<void> {
    const until = this.#clock.monotonic() + waitAtMostMs;
    while (this.#isSearching() && this.#clock.monotonic() < until)
      await new Promise<void>((resolve) => this.#clock.setTimeout(resolve, lookAgainMs));
  }

  #isSearching(): boolean {
    return this.#asking > 0 || this.#clock.monotonic() - this.#answeredAt < nextMs;
  }
}
