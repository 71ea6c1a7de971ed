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
  readonly isOutdated?: ((client: pg.PoolClient) => boolean) | undefined;
}

/**
 * Gives queries the connections of a pool, in the order in which they ask. A database that has too much to do is told from one that
 * does not answer: the circuit breaker would refuse everything, and the clients that come back would add to the load.
 */
export class PoolTurns {
  readonly #options: PoolTurnsOptions;
  /** Connections given back after an answer. */
  #answered = 0;

  constructor(options: PoolTurnsOptions) {
    this.#options = options;
    options.pool.on("release", (error: unknown) => {
      if (!error) this.#answered += 1;
    });
  }

  /** @throws OverloadError, or an error that `isLostConnection` knows */
  async acquire(): Promise<pg.PoolClient> {
    const { pool, isOutdated = () => false } = this.#options;
    for (;;) {
      const client = await (pool.idleCount > pool.waitingCount ? pool.connect() : this.#wait());
      if (!isOutdated(client)) return client;
      client.release(true);
    }
  }

  async #wait(): Promise<pg.PoolClient> {
    const { pool, clock } = this.#options;
    const since = clock.monotonic();
    const giveUp = Promise.withResolvers<never>();
    const connecting = pool.connect();
    let timer: Timer;
    const look = (): void => {
      const before = this.#answered;
      timer = setDeadline(
        clock,
        () => {
          if (this.#answered === before) giveUp.reject(new Error(`No answer within ${silenceMs} ms.`));
          else if (clock.monotonic() - since >= longestWaitMs) giveUp.reject(new OverloadError());
          else look();
        },
        silenceMs,
      );
    };
    look();
    try {
      return await Promise.race([connecting, giveUp.promise]);
    } catch (error) {
      void connecting.then(
        (client) => client.release(),
        () => {},
      );
      throw error;
    } finally {
      timer!.cancel();
    }
  }
}
