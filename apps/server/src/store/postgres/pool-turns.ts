import type pg from "pg";
import type { Clock, Timer } from "../../clock.ts";
import { setDeadline } from "../../concurrency/deadline.ts";
import { OverloadError } from "../../errors.ts";

/** The database does not answer when a query waits so long for a connection and no other query is answered meanwhile. */
const silenceMs = 5_000;
/** A query that other queries keep waiting is given up after this time. */
const longestWaitMs = 15_000;

interface PoolTurnsOptions {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  /** True of connections that were made before the log's was lost: they may lead to a server that was the primary. */
  readonly isOutdated?: (client: pg.PoolClient) => boolean;
}

/**
 * Gives queries the connections of a pool, in the order in which they ask. A database that has too much to do is told from one that
 * does not answer: the circuit breaker would refuse everything, and the clients that come back would add to the load.
 *
 * They wait here, and not in the pool, which would keep those that were given up until the database answers again.
 */
export class PoolTurns {
  readonly #options: PoolTurnsOptions;
  /** Starts each that waits, in order. */
  readonly #waiting = new Set<() => void>();
  /** Connections of the pool that queries have; others than queries may use it too. */
  readonly #taken = new WeakSet<pg.PoolClient>();
  #free: number;
  /** Connections given back after an answer. */
  #answered = 0;

  constructor(options: PoolTurnsOptions) {
    this.#options = options;
    this.#free = options.pool.options.max;
    options.pool.on("release", (error: unknown, client) => {
      if (!error) this.#answered += 1;
      if (this.#taken.delete(client)) this.#next();
    });
  }

  get waitingCount(): number {
    return this.#waiting.size;
  }

  /** @throws OverloadError, or an error that `isLostConnection` knows */
  async acquire(): Promise<pg.PoolClient> {
    const { isOutdated = () => false } = this.#options;
    for (;;) {
      const client = await this.#take();
      if (!isOutdated(client)) return client;
      client.release(true);
    }
  }

  async #take(): Promise<pg.PoolClient> {
    if (this.#free > 0) this.#free -= 1;
    else await this.#wait();
    try {
      const client = await this.#options.pool.connect();
      this.#taken.add(client);
      return client;
    } catch (error) {
      this.#next();
      throw error;
    }
  }

  #next(): void {
    const [start] = this.#waiting;
    if (!start) this.#free += 1;
    else start();
  }

  #wait(): Promise<void> {
    const { clock } = this.#options;
    const since = clock.monotonic();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let timer: Timer;
    const start = (): void => {
      timer.cancel();
      this.#waiting.delete(start);
      resolve();
    };
    const giveUp = (error: Error): void => {
      this.#waiting.delete(start);
      reject(error);
    };
    const look = (): void => {
      const before = this.#answered;
      timer = setDeadline(
        clock,
        () => {
          if (this.#answered === before) giveUp(new Error(`No answer within ${silenceMs} ms.`));
          else if (clock.monotonic() - since >= longestWaitMs) giveUp(new OverloadError());
          else look();
        },
        silenceMs,
      );
    };
    look();
    this.#waiting.add(start);
    return promise;
  }
}
