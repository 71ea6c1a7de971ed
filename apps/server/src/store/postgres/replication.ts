import type { Pool } from "pg";
import type { Clock } from "../../clock.ts";
import type { ReplicationStats } from "../contract.ts";

/** Roles without the right to see the columns get null in them. */
interface Row {
  state: string | null;
  sync_state: string | null;
}

const everyMs = 10_000;
/** Nobody waits for the answer; a query that hangs gives its connection back after this time. */
const statement = { text: "select state, sync_state from pg_stat_replication", query_timeout: 2_000 };

/** What the primary says of its standbys, read at most every ten seconds. */
export class Replication {
  readonly #pool: Pool;
  readonly #clock: Clock;
  #askedAt = Number.NEGATIVE_INFINITY;
  stats: ReplicationStats | null = null;

  constructor(pool: Pool, clock: Clock) {
    this.#pool = pool;
    this.#clock = clock;
  }

  /** Starts a read unless the latest is recent. Does not wait for it, and never fails. */
  refresh(): void {
    const now = this.#clock.monotonic();
    if (now - this.#askedAt < everyMs) return;
    this.#askedAt = now;
    void this.#read();
  }

  async #read(): Promise<void> {
    try {
      const { rows } = await this.#pool.query<Row>(statement);
      this.stats = summary(rows);
    } catch {
      this.stats = null;
    }
  }
}

function summary(rows: readonly Row[]): ReplicationStats | null {
  if (rows.some(({ state }) => state === null)) return null;
  // Backups have an entry too.
  const standbys = rows.filter(({ state }) => state === "streaming" || state === "catchup");
  const isSynchronous = standbys.some(({ sync_state: sync }) => sync === "sync" || sync === "quorum");
  return { standbys: standbys.length, isSynchronous };
}
