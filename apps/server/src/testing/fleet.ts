import { startPostgres, type TestPostgres } from "./postgres.ts";
import { startRedis, type TestRedis } from "./redis.ts";
import { startServerProcess, type ServerProcess } from "./server-process.ts";

/** Nodes of one instance on a PostgreSQL and a Redis of their own. */
export interface Fleet {
  readonly nodes: readonly ServerProcess[];
  readonly postgres: TestPostgres;
  readonly redis: TestRedis;
  readonly databaseUrl: string;
  /** Kills the nodes and removes all data. */
  dispose(): Promise<void>;
}

/** Starts the nodes at the same time on an empty database. Every node has a data folder of its own, as on two machines. */
export async function startFleet(count: number, env: Record<string, string> = {}): Promise<Fleet> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const databaseUrl = postgres.createDatabase();
  const shared = { DATABASE_URL: databaseUrl, REDIS_URL: redis.url, ...env };
  const starts = await Promise.allSettled(Array.from({ length: count }, () => startServerProcess(shared)));
  const nodes = starts.flatMap((start) => (start.status === "fulfilled" ? [start.value] : []));
  const fleet: Fleet = {
    nodes,
    postgres,
    redis,
    databaseUrl,
    async dispose() {
      await Promise.all(nodes.map((node) => node.dispose()));
      await redis.dispose();
      postgres.dispose();
    },
  };
  const failed = starts.find(({ status }) => status === "rejected");
  if (failed?.status !== "rejected") return fleet;
  await fleet.dispose();
  throw failed.reason;
}
