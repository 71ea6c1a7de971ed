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
import { openSqliteStore } from "./store/sqlite/open-sqlite-store.ts";

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
  { closers, ...options }: BackendOptions,
): Promise<Backends> {
  const store = overrides.store ?? (await openStore(config, options));
  closers.push(() => store.close());
  const parts = { store, clock: options.clock, folder: config.dataDir };
  closers.push(await keepProgress(parts, (err) => options.logger.error({ err }, "noting the progress failed")));
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

async function openStore(
  { dataDir }: Config,
  { clock, pace, onFailure, logger }: Omit<BackendOptions, "closers">,
): Promise<Store> {
  await refuseLostDatabase(dataDir);
  const onLoss = (positions: number) =>
    logger.warn({ positions }, "the database has lost changes since it ran last; clients load their data anew");
  const known = await readProgress(dataDir);
  return openSqliteStore({ file: join(dataDir, databaseName), clock, pace, onFailure, known, onLoss });
}

async function openBus({ redisUrl }: Config, store: Store, clock: Clock): Promise<Bus> {
  if (redisUrl === undefined) return new MemoryBus();
  // The stored epoch is the same for all nodes of the instance, wherever they reach the database.
  return openRedisBus({ url: redisUrl, instance: await readEpoch(store.db), nodeId, clock });
}
