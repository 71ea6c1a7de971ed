import { join } from "node:path";
import type { Logger } from "pino";
import type { Bus } from "./bus/contract.ts";
import { MemoryBus } from "./bus/memory.ts";
import { openRedisBus } from "./bus/redis/open-redis-bus.ts";
import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import { databaseName } from "./data-folder.ts";
import { keepProgress, readProgress, refuseLostDatabase } from "./data-progress.ts";
import { nodeId } from "./node-id.ts";
import { CircuitBreaker } from "./resilience/circuit-breaker.ts";
import { guardBus, guardStore } from "./resilience/guarded.ts";
import type { Store } from "./store/contract.ts";
import type { CommitPace } from "./store/log/commit-pace.ts";
import { readEpoch } from "./store/migrate.ts";
import { openSqliteStore, type SqliteStore } from "./store/sqlite/open-sqlite-store.ts";

/** Functions that stop what was started, to be called in reverse order. */
export type Closers = (() => Promise<void> | void)[];

export interface BackendOptions {
  clock: Clock;
  logger: Logger;
  pace: CommitPace;
  closers: Closers;
  /** Called when the database has failed permanently. */
  onFailure: (error: Error) => void;
}

/** What keeps the instance's data and joins its nodes. */
export interface Backends {
  store: Store;
  bus: Bus;
  breaker: CircuitBreaker;
}

/** Chooses and opens the store and the bus by the configuration, and puts a circuit breaker in front of them. */
export async function openBackends(
  config: Config,
  overrides: { store?: Store; bus?: Bus },
  options: BackendOptions,
): Promise<Backends> {
  const { closers } = options;
  const { store: given } = overrides;
  if (given) closers.push(() => given.close());
  const store = given ?? (await openEmbeddedStore(config, options));
  const bus = overrides.bus ?? (await openBus(config, store, options.clock));
  closers.push(() => bus.close());
  const breaker = new CircuitBreaker({
    settings: config,
    clock: options.clock,
    probe: async () => void (await Promise.all([store.ping(), bus.ping()])),
  });
  breaker.onChanged((state) => options.logger.warn({ state }, "circuit breaker"));
  return { store: guardStore(store, breaker), bus: guardBus(bus, breaker), breaker };
}

/** Opens the embedded database and notes its progress beside it; the closers stop both. */
export async function openEmbeddedStore(
  { dataDir: folder }: Config,
  { clock, pace, onFailure, logger, closers }: BackendOptions,
): Promise<SqliteStore> {
  await refuseLostDatabase(folder);
  const onLoss = (positions: number) =>
    logger.warn({ positions }, "the database has lost changes since it ran last; clients load their data anew");
  const known = await readProgress(folder);
  const file = join(folder, databaseName);
  const store = await openSqliteStore({ file, clock, pace, onFailure, known, onLoss });
  closers.push(() => store.close());
  const onError = (err: unknown) => logger.error({ err }, "noting the progress failed");
  closers.push(await keepProgress({ store, clock, folder }, onError));
  return store;
}

async function openBus({ redisUrl }: Config, store: Store, clock: Clock): Promise<Bus> {
  if (redisUrl === undefined) return new MemoryBus();
  // The stored epoch is the same for all nodes of the instance, wherever they reach the database.
  return openRedisBus({ url: redisUrl, instance: await readEpoch(store.db), nodeId, clock });
}
