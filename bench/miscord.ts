import { setTimeout as sleep } from "node:timers/promises";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Child, cores } from "./child.ts";
import type { Community, Contestant, Pids, Running } from "./contestant.ts";
import { withDescendants } from "./proc.ts";
import { probeArgv, ServerProcess } from "./server-process.ts";
import { openPostgresStore } from "../apps/server/src/store/postgres/open-postgres-store.ts";
import { freePort } from "../apps/server/src/testing/free-port.ts";
import { startPostgres } from "../apps/server/src/testing/postgres.ts";
import { startRedis } from "../apps/server/src/testing/redis.ts";
import { seed, seedStore, type Seeded } from "../apps/server/src/testing/seed.ts";

const main = new URL("../apps/server/dist/main.js", import.meta.url);
/** As `npm start` starts it (scripts/lib/runtime.mjs). */
const serverFlags = ["--disable-warning=ExperimentalWarning", "--max-semi-space-size=32"];
const startLimitMs = 60_000;

/** Settings without batching: one write for each event and recipient. */
const unbatched = { BATCH_SIZE: "1", FLUSH_INTERVAL: "0" };
const unlimited = { RATE_MESSAGES: "1000000/s" };
/** Enough for 100,000 connections where a process may have 20,000 files open. */
const manyConnections = {
  WORKERS: "8",
  MAX_WEBSOCKET_CONNECTIONS: "19000",
  MAX_CONNECTIONS_PER_ADDRESS: "100000",
};

/** Miscord as an operator runs it: with accounts, authorisation, SQLite with full sync, and logs. */
export const miscordContestants: readonly Contestant[] = [
  miscord("miscord", "Miscord", false, {}),
  miscord("miscord-deflate", "Miscord, compressed", true, {}),
  miscord("miscord-unbatched", "Miscord, batching off", false, unbatched),
  miscord("miscord-unbatched-deflate", "Miscord, compressed, batching off", true, unbatched),
];

/** Layouts of several processes. */
export const layoutContestants: readonly Contestant[] = [
  { ...miscord("miscord-workers", "Miscord, four workers", false, { WORKERS: "4" }), isLayout: true },
  { ...miscord("miscord-workers-8", "Miscord, eight workers", false, manyConnections), workloads: ["connections"] },
  nodes("miscord-node", "Miscord, one node on PostgreSQL", 1),
  nodes("miscord-nodes", "Miscord, two nodes on PostgreSQL and Redis", 2),
];

function nodes(name: string, label: string, count: number): Contestant {
  return { ...miscord(name, label, false, {}), isLayout: true, start: (community) => startNodes(count, community) };
}

function miscord(name: string, label: string, compression: boolean, settings: Record<string, string>): Contestant {
  const start = (community: Community): Promise<Running> => startMiscord(settings, community);
  return { name, label, compression, isPeer: false, format: "json", heartbeatMs: 15_000, start };
}

/** `prepare` changes the data folder before the server starts. */
export async function startMiscord(
  settings: Record<string, string>,
  community: Community,
  prepare: (dataDir: string) => Promise<void> = async () => {},
): Promise<Running> {
  const dataDir = mkdtempSync(join(tmpdir(), "miscord-bench-"));
  const seeded = await seed(dataDir, community.people, community.channels, community.peoplePerServer);
  await prepare(dataDir);
  const port = await freePort();
  const env = {
    ...settings,
    ...(community.unlimited ? unlimited : {}),
    ...(community.heartbeatS === undefined ? {} : { HEARTBEAT_INTERVAL: String(community.heartbeatS) }),
    PORT: String(port),
    HOST: "127.0.0.1",
    DATA_DIR: dataDir,
    LOG_DIR: join(dataDir, "logs"),
  };
  const running = new RunningMiscord(dataDir, port, env, seeded);
  await running.untilItAnswers();
  return running;
}

class RunningMiscord implements Running {
  readonly channels: readonly number[];
  readonly paths: readonly string[];
  readonly process: ServerProcess;
  readonly #dataDir: string;
  readonly #port: number;
  readonly #hasWorkers: boolean;

  constructor(dataDir: string, port: number, env: Record<string, string>, seeded: Seeded) {
    this.#dataDir = dataDir;
    this.#port = port;
    this.#hasWorkers = "WORKERS" in env;
    this.channels = seeded.channels;
    this.paths = seeded.tokens.map((token) => `/ws/main?token=${token}`);
    this.process = new ServerProcess(() => startNode(env));
  }

  get ports(): readonly number[] {
    return [this.#port];
  }

  get pids(): Pids {
    return { servers: withDescendants(this.process.pid), dependencies: [] };
  }

  async killAndRestart(outageMs: number): Promise<void> {
    await this.process.restart(outageMs);
    await this.untilItAnswers();
  }

  async stop(): Promise<void> {
    await this.process.kill();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  /** One of several workers answers before the others do; the server prints when all serve. */
  async untilItAnswers(): Promise<void> {
    await untilAnswering(this.process, this.#port);
    while (this.#hasWorkers && !this.process.log.includes("is running at")) {
      if (this.process.hasEnded) throw new Error(`the server ended:\n${this.process.log}`);
      await sleep(20);
    }
  }
}

function startNode(env: Record<string, string>): Child {
  const execArgv = [...serverFlags, ...probeArgv];
  return new Child(main, { core: cores.server, execArgv, env });
}

async function untilAnswering(process: ServerProcess, port: number): Promise<void> {
  const deadline = Date.now() + startLimitMs;
  while (!(await answers(port))) {
    if (process.hasEnded) throw new Error(`the server ended:\n${process.log}`);
    if (Date.now() > deadline) throw new Error(`the server does not answer:\n${process.log}`);
    await sleep(20);
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/api/instance`)).ok;
  } catch {
    return false;
  }
}

/** Nodes on a PostgreSQL with fsync and a Redis of their own, all on the server's core. */
async function startNodes(count: number, community: Community): Promise<Running> {
  const [postgres, redis] = await Promise.all([startPostgres({ settings: { fsync: "on" } }), startRedis()]);
  const secretKey = randomBytes(32).toString("base64url");
  const databaseUrl = postgres.createDatabase();
  const store = await openPostgresStore({ url: databaseUrl });
  const key = new TextEncoder().encode(secretKey);
  const seeded = await seedStore(store, key, community.people, community.channels);
  await store.close();
  const folder = mkdtempSync(join(tmpdir(), "miscord-bench-"));
  const nodes = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const port = await freePort();
      const dataDir = join(folder, String(index));
      const process = new ServerProcess(() =>
        startNode({
          ...(community.unlimited ? unlimited : {}),
          PORT: String(port),
          HOST: "127.0.0.1",
          DATA_DIR: dataDir,
          LOG_DIR: join(dataDir, "logs"),
          DATABASE_URL: databaseUrl,
          REDIS_URL: redis.url,
          SECRET_KEY: secretKey,
        }),
      );
      await untilAnswering(process, port);
      return { port, process };
    }),
  );
  return {
    process: nodes[0]!.process,
    ports: nodes.map(({ port }) => port),
    get pids() {
      const servers = nodes.flatMap(({ process }) => withDescendants(process.pid));
      return { servers, dependencies: [...withDescendants(postgres.pid), redis.pid] };
    },
    channels: seeded.channels,
    paths: seeded.tokens.map((token) => `/ws/main?token=${token}`),
    async killAndRestart(outageMs) {
      await Promise.all(nodes.map(({ process }) => process.restart(outageMs)));
      await Promise.all(nodes.map(({ process, port }) => untilAnswering(process, port)));
    },
    async stop() {
      await Promise.all(nodes.map(({ process }) => process.kill()));
      await redis.dispose();
      postgres.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
