import { join } from "node:path";
import type { Logger } from "pino";
import type { Bus } from "./bus/contract.ts";
import { MemoryBus } from "./bus/memory.ts";
import type { Cluster } from "./cluster/contract.ts";
import { MemoryCluster } from "./cluster/memory.ts";
import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import { databaseName } from "./data-folder.ts";
import { keepProgress, readProgress, refuseLostDatabase } from "./data-progress.ts";
import { newNodeId } from "./node-id.ts";
import { CircuitBreaker } from "./resilience/circuit-breaker.ts";
import { guardBus, guardStore } from "./resilience/guarded.ts";
import type { Store } from "./store/contract.ts";
import type { CommitPace } from "./store/log/commit-pace.ts";
import { readEpoch } from "./store/migrate.ts";
import { openSqliteStore, type SqliteStore } from "./store/sqlite/open-sqlite-store.ts";

/** While Redis is away, each renewal fails; one line a minute says so. */
const errorEveryMs = 60_000;

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
  cluster: Cluster;
  breaker: CircuitBreaker;
}

/** Chooses and opens the store, the bus and the cluster by the configuration, and puts a circuit breaker in front of them. */
export async function openBackends(
  config: Config,
  overrides: { store?: Store; bus?: Bus; cluster?: Cluster },
  options: BackendOptions,
): Promise<Backends> {
  const { closers } = options;
  const { store: given } = overrides;
  if (given) closers.push(() => given.close());
  const store = given ?? (await openStore(config, options, () => breaker.probeNow()));
  const shared = await openShared(config, store, options);
  const bus = overrides.bus ?? (await shared.openBus());
  closers.push(() => bus.close());
  const cluster = overrides.cluster ?? (await shared.openCluster());
  closers.push(() => cluster.close());
  const breaker: CircuitBreaker = new CircuitBreaker({
    settings: config,
    clock: options.clock,
    probe: async () => void (await Promise.all([store.ping(), bus.ping()])),
  });
  breaker.onChanged((state) => options.logger.warn({ state }, "circuit breaker"));
  return { store: guardStore(store, breaker), bus: guardBus(bus, breaker), cluster, breaker };
}

function openStore(config: Config, options: BackendOptions, onReconnected: () => void): Promise<Store> {
  const { databaseUrl } = config;
  if (databaseUrl === undefined) return openEmbeddedStore(config, options);
  return openPostgres(databaseUrl, config, { ...options, onReconnected });
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

async function openPostgres(
  url: string,
  { databasePool, redisUrl, storage }: Config,
  { clock, pace, logger, onFailure, onReconnected, closers }: BackendOptions & { onReconnected: () => void },
): Promise<Store> {
  const isAlone = redisUrl === undefined;
  const { startPostgresStore } = await import("./store/postgres/start-postgres-store.ts");
  const store = await startPostgresStore({
    url,
    poolSize: databasePool,
    clock,
    pace,
    isAlone,
    onTaken: onFailure,
    onReconnected: () => {
      logger.warn("the connection to the database is back");
      onReconnected();
    },
  });
  closers.push(() => store.close());
  store.onEpochChanged(() =>
    logger.warn({ epoch: store.epoch }, "the database has failed over; clients load their data anew"),
  );
  if (isAlone) logger.warn("Miscord runs as a single node: without REDIS_URL no second one may use this database");
  else if (storage === undefined)
    logger.warn("uploads are in the data folder of this node: nodes on other machines need a common STORAGE");
  return store;
}

interface SharedParts {
  openBus(): Bus | Promise<Bus>;
  openCluster(): Cluster | Promise<Cluster>;
}

/** What joins the nodes of an instance. Bus and cluster know a node by the same id. */
async function openShared(
  { redisUrl: url }: Config,
  store: Store,
  { clock, logger }: Pick<BackendOptions, "clock" | "logger">,
): Promise<SharedParts> {
  if (url === undefined) return { openBus: () => new MemoryBus(), openCluster: () => new MemoryCluster(clock) };
  // The stored epoch is the same for all nodes of the instance, wherever they reach the database.
  const instance = await readEpoch(store.db);
  const nodeId = newNodeId();
  let loggedAt = Number.NEGATIVE_INFINITY;
  const onError = (err: unknown) => {
    if (clock.monotonic() - loggedAt < errorEveryMs) return;
    loggedAt = clock.monotonic();
    logger.warn({ err }, "what the nodes share cannot be reached");
  };
  const onUnread = (err: unknown) => logger.error({ err }, "a message of another node was dropped");
  // Loaded only where it is used: the modules take 10 MB.
  const [{ openRedisBus }, { openRedisCluster }] = await Promise.all([
    import("./bus/redis/open-redis-bus.ts"),
    import("./cluster/redis/open-redis-cluster.ts"),
  ]);
  return {
    openBus: () => openRedisBus({ url, instance, nodeId, clock, onError: onUnread }),
    openCluster: () => openRedisCluster({ nodeId, url, prefix: `miscord:${instance}:`, clock, onError }),
  };
}
