import { Kysely, sql } from "kysely";
import { Client, Pool, type ClientConfig, type PoolConfig } from "pg";
import { systemClock, type Clock } from "../../clock.ts";
import { Semaphore } from "../../concurrency/semaphore.ts";
import { channelLog } from "../channel-log.ts";
import type { PoolStats, Store } from "../contract.ts";
import type { CommitPace } from "../log/commit-pace.ts";
import { GroupCommit } from "../log/group-commit.ts";
import { checkedEpoch, migrate } from "../migrate.ts";
import { QueryLatency } from "../query-latency.ts";
import { StepsHere } from "../indexing/steps-here.ts";
import type { SearchDb } from "../search/tables.ts";
import type { Tables } from "../schema.ts";
import {
  answerTimeoutMs,
  connect,
  connectTimeoutMs,
  connectionSettings,
  patientSettings,
} from "./connection-settings.ts";
import { epochOf, noteOrigin, readLineage } from "./epoch.ts";
import { Interruptions } from "./interruptions.ts";
import { postgresDialect } from "./kysely-dialect.ts";
import { LogConnection } from "./log-connection.ts";
import { PoolTurns } from "./pool-turns.ts";
import { Replication } from "./replication.ts";

export interface PostgresStoreOptions {
  url: string;
  /** Most connections besides the log's. */
  poolSize?: number;
  clock?: Clock;
  /** Delays the log's transactions to share them; by default each starts as soon as the one before has ended. */
  pace?: Pick<CommitPace, "count" | "intervalMs">;
  /** Called when the log's connection was lost and is back. */
  onReconnected?: () => void;
  /** Called when the log's listener throws. By default the process ends, as clients would miss the event. */
  onListenerError?: (error: unknown) => void;
}

const unpaced = { count: () => {}, intervalMs: () => 0 };
const bounds = { perTransaction: 500, waitingAtMost: 20_000 };

/** Runs missing migrations and opens the store. Rejects with the database's error; see `explainStart`. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const { url, poolSize = 10, clock = systemClock, onReconnected = () => {} } = options;
  const { dataEpoch, origin } = await migrateDatabase(url, clock);
  const { pool, turns, db, interruptions, lost } = openPool(url, poolSize, clock);
  const epochListeners: (() => void)[] = [];
  let epoch = dataEpoch;
  const connection = new LogConnection({
    settings: connectionSettings(url),
    clock,
    onReconnected() {
      interruptions.answered();
      onReconnected();
    },
    onLost: lost,
    async prepare(client) {
      const current = epochOf(dataEpoch, { origin, lineage: await readLineage(client) });
      if (current === epoch) return;
      epoch = current;
      for (const listener of epochListeners) listener();
    },
  });
  const writes = new GroupCommit((commands) => connection.transact(commands), {
    ...bounds,
    clock,
    pace: options.pace ?? unpaced,
    onListenerError: options.onListenerError ?? endProcess,
  });
  const close = async () => {
    interruptions.stop();
    for (const part of [writes, connection]) await part.close();
    await db.destroy();
  };
  const latency = new QueryLatency();
  const replication = new Replication(pool, clock);
  try {
    await connection.open();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    dialect: "postgres",
    erasesFiles: false,
    get epoch() {
      return epoch;
    },
    onEpochChanged: (listener) => void epochListeners.push(listener),
    onInterrupted: (listener) => interruptions.onOver(listener),
    db,
    log: channelLog(db, writes),
    ...searchIn(db),
    async ping() {
      replication.refresh();
      await Promise.all([latency.measure(() => sql`select 1`.execute(db)), connection.ping()]);
    },
    stats: () => ({ latencyMs: latency.latencyMs, pool: poolStats(pool, turns), replication: replication.stats }),
    // Autovacuum removes what was deleted; the write-ahead log keeps it until it is recycled.
    eraseDeleted: () => Promise.resolve(true),
    close,
  };
}

/**
 * After `lost`, which the log's connection calls, all others are replaced before they are used again: they may lead to a
 * server that was the primary.
 */
function openPool(url: string, max: number, clock: Clock) {
  const pool = createPool({ ...connectionSettings(url), max, query_timeout: answerTimeoutMs });
  let generation = 0;
  const generations = new WeakMap<object, number>();
  pool.on("connect", (client) => generations.set(client, generation));
  const turns = new PoolTurns({ pool, clock, isOutdated: (client) => generations.get(client) !== generation });
  const interruptions = new Interruptions(clock);
  const dialect = postgresDialect({ pool, turns, writeTurn: new Semaphore(1), clock, interruptions });
  const lost = () => {
    generation += 1;
    interruptions.lost();
  };
  return { pool, turns, db: new Kysely<Tables>({ dialect }), interruptions, lost };
}

/** The index is in tables of the same database. */
function searchIn(db: unknown): Pick<Store, "search" | "searchState" | "indexSteps"> {
  const search = db as SearchDb;
  return { search, searchState: search, indexSteps: new StepsHere({ search, letters: Infinity }) };
}

/** Runs missing migrations, on a connection of its own, since they may take longer than any other statement may. */
export async function migrateDatabase(url: string, clock: Clock): Promise<{ dataEpoch: string; origin: string }> {
  const pool = createPool({ ...patientSettings(url), max: 1 });
  const turns = new PoolTurns({ pool, clock });
  // Migrations of a large database, or on a slow disk, may take longer than any other transaction.
  const db = new Kysely<Tables>({
    dialect: postgresDialect({ pool, turns, writeTurn: new Semaphore(1), clock: null }),
  });
  const client = await connect(connectionSettings(url));
  try {
    await migrate(db, "postgres");
    const { epoch } = await checkedEpoch(db, null);
    return { dataEpoch: epoch, origin: await noteOrigin(db, await readLineage(client)) };
  } finally {
    await client.end();
    await db.destroy();
  }
}

function createPool(settings: PoolConfig): Pool {
  // The pool's own limit counts the wait for other queries as well; see `PoolTurns`.
  const pool = new Pool({ ...settings, connectionTimeoutMillis: 0, Client: TimedClient, pipeline: true });
  // Without listeners, a connection that the database ends while no statement runs would end the process: the pool has
  // one for its idle connections, and those that are taken need their own.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

class TimedClient extends Client {
  constructor(settings: ClientConfig = {}) {
    super({ ...settings, connectionTimeoutMillis: connectTimeoutMs });
  }
}

function poolStats({ totalCount, idleCount }: Pool, { waitingCount }: PoolTurns): PoolStats {
  return { inUse: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
}

function endProcess(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
