import type pg from "pg";
import type { Clock } from "../../clock.ts";
import { StartupError } from "../../startup-error.ts";
import { connect, patientSettings } from "./connection-settings.ts";
import { lockIds } from "./locks.ts";

export interface NodeLockOptions {
  url: string;
  clock: Clock;
  /** Without a bus between nodes, this one must be alone on the database. */
  isAlone: boolean;
  /** Called once when the connection was lost and another node has taken the lock since. */
  onTaken: (error: Error) => void;
}

/** A node that was killed may hold the lock until the database notices. */
const attempts = 4;
const retryMs = 500;

/**
 * Keeps nodes that do not share a bus off one database, as long as they are connected. The lock is that of a transaction
 * that stays open: unlike a session's, a pooler in transaction mode keeps and ends it with this connection. The idle
 * transaction has no snapshot, so it keeps nothing from being vacuumed.
 */
export class NodeLock {
  readonly #options: NodeLockOptions;
  #client: pg.Client | null = null;
  #closed = false;

  private constructor(options: NodeLockOptions) {
    this.#options = options;
  }

  /** @throws StartupError when another node is in the way */
  static async take(options: NodeLockOptions): Promise<NodeLock> {
    const lock = new NodeLock(options);
    if (await lock.#takeWithin(attempts)) return lock;
    throw new StartupError(takenText(options.isAlone));
  }

  async release(): Promise<void> {
    this.#closed = true;
    await this.#client?.end();
  }

  async #takeWithin(times: number): Promise<boolean> {
    for (let attempt = 1; !this.#closed; attempt += 1) {
      if (await this.#take()) return true;
      if (attempt >= times) return false;
      await this.#pause();
    }
    return true;
  }

  async #take(): Promise<boolean> {
    const { url, isAlone } = this.#options;
    const client = await connect(patientSettings(url));
    await client.query("begin");
    await client.query("set local idle_in_transaction_session_timeout = 0");
    const function_ = isAlone ? "pg_try_advisory_xact_lock" : "pg_try_advisory_xact_lock_shared";
    const { rows } = await client.query<{ taken: boolean }>(`select ${function_}(${lockIds.node}) as taken`);
    if (!rows[0]?.taken || this.#closed) {
      await client.end();
      return this.#closed;
    }
    this.#client = client;
    client.on("end", () => void this.#takeAgain());
    return true;
  }

  async #takeAgain(): Promise<void> {
    for (;;) {
      if (this.#closed) return;
      await this.#pause();
      try {
        if (await this.#takeWithin(attempts)) return;
        return this.#options.onTaken(new Error(takenText(this.#options.isAlone)));
      } catch {
        // The database is still away.
      }
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => this.#options.clock.setTimeout(resolve, retryMs));
  }
}

function takenText(isAlone: boolean): string {
  if (!isAlone) return "A Miscord without REDIS_URL uses this database: stop it before nodes with REDIS_URL start.";
  return "Another Miscord uses this database: stop it, or give all nodes the same REDIS_URL.";
}
