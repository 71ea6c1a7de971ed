import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createClient, type ClientOptions, type MiscordClient } from "@miscord/client";
import type { Me } from "@miscord/protocol";
import { databaseName } from "../../apps/server/src/data-folder.ts";
import type { Store } from "../../apps/server/src/store/contract.ts";
import { openPostgresStore } from "../../apps/server/src/store/postgres/open-postgres-store.ts";
import { openSqliteStore } from "../../apps/server/src/store/sqlite/open-sqlite-store.ts";
import { seedStore, type Seeded } from "../../apps/server/src/testing/seed.ts";
import { FaultyLink } from "../harness/faulty-link.ts";
import type { Layout } from "../harness/world.ts";
import { startFleet, type Fleet } from "../../apps/server/src/testing/fleet.ts";
import { startBalancer } from "../../deploy/testing/balancers.ts";
import { startServerProcess, type ServerProcess } from "../../apps/server/src/testing/server-process.ts";

/** Seeded users, all members of one server, whose clients need no login. */
export interface ChaosWorld {
  /** The first node. */
  server: ServerProcess;
  /** The processes that serve clients: one, or the nodes of a fleet. */
  nodes: readonly ServerProcess[];
  /** Null unless the layout is a fleet. */
  fleet: Fleet | null;
  /** Where clients connect. */
  url: string;
  channels: readonly number[];
  /** An access token for each user. */
  tokens: readonly string[];
  enter(user: number, options?: ClientOptions): Promise<MiscordClient>;
  dispose(): Promise<void>;
}

/** Rate limits have tests of their own. The short heartbeat makes a dead connection show within seconds. */
const settings = {
  HEARTBEAT_INTERVAL: "1",
  RATE_MESSAGES: "1000/s",
  RATE_CHANGES: "1000/s",
  RATE_JOINS: "1000/s",
  RATE_REPORTS: "1000/s",
  RATE_REQUESTS: "10000/s",
  RECOVERY_TIMEOUT: "1",
};

interface Started {
  nodes: readonly ServerProcess[];
  fleet: Fleet | null;
  seeded: Seeded;
  dispose: () => Promise<void>;
}

interface ChaosOptions {
  env?: Record<string, string>;
  layout?: Layout;
  /** Nodes of a fleet. */
  nodeCount?: number;
  /** A load balancer in front of the nodes, by its name in `deploy/testing/balancers.ts`. */
  balancer?: string;
  /** Adds to what is seeded. */
  prepare?: Prepare;
}

type Prepare = (store: Store, seeded: Seeded) => Promise<unknown>;

export async function openChaosWorld(
  users: number,
  channelCount: number,
  { env = {}, layout = "process", nodeCount = 2, balancer, prepare = async () => {} }: ChaosOptions = {},
): Promise<ChaosWorld> {
  const start = layout === "fleet" ? seededFleetOf(nodeCount) : startSeededProcess;
  const workers: Record<string, string> = layout === "workers" ? { WORKERS: "4" } : {};
  const { nodes, fleet, seeded, dispose } = await start({
    users,
    channels: channelCount,
    env: { ...settings, ...workers, ...env },
    prepare,
  });
  const ports = nodes.map(({ port }) => port);
  const entrance = balancer === undefined ? await openLink(ports) : await openBalancer(balancer, ports);
  const [server] = nodes;
  if (!server) throw new Error("no server");
  return {
    server,
    nodes,
    fleet,
    url: entrance.url,
    channels: seeded.channels,
    tokens: seeded.tokens,
    async enter(user, options = {}) {
      const token = seeded.tokens[user];
      if (token === undefined) throw new Error(`there is no user ${user}`);
      const baseUrl = entrance.url;
      const client = createClient({ baseUrl, locks: null, fetch: fetchAs(baseUrl, token), ...options });
      await client.start();
      return client;
    },
    async dispose() {
      await dispose();
      await entrance.close();
    },
  };
}

interface Entrance {
  url: string;
  close(): unknown;
}

/** Connects each client to the next node that answers. */
async function openLink(ports: readonly number[]): Promise<Entrance> {
  const link = await FaultyLink.to(...ports);
  return { url: link.httpUrl, close: () => link.close() };
}

async function openBalancer(name: string, ports: readonly number[]): Promise<Entrance> {
  const balancer = await startBalancer(name, ports);
  return { url: balancer.url, close: () => balancer.stop() };
}

interface Start {
  users: number;
  channels: number;
  env: Record<string, string>;
  prepare: Prepare;
}

async function startSeededProcess({ env, ...seeding }: Start): Promise<Started> {
  const server = await startServerProcess(env);
  await server.stop();
  const url = env["DATABASE_URL"];
  const store =
    url === undefined
      ? await openSqliteStore({ file: join(server.dataDir, databaseName) })
      : await openPostgresStore({ url });
  const seeded = await fill(store, undefined, seeding);
  await server.start();
  return { nodes: [server], fleet: null, seeded, dispose: () => server.dispose() };
}

function seededFleetOf(nodeCount: number): typeof startSeededProcess {
  return (start) => startSeededFleet(nodeCount, start);
}

async function startSeededFleet(nodeCount: number, { env, ...seeding }: Start): Promise<Started> {
  const secretKey = randomBytes(32).toString("base64url");
  const fleet = await startFleet(nodeCount, { SECRET_KEY: secretKey, ...env });
  const key = new TextEncoder().encode(secretKey);
  const seeded = await fill(await openPostgresStore({ url: fleet.databaseUrl }), key, seeding);
  return { nodes: fleet.nodes, fleet, seeded, dispose: () => fleet.dispose() };
}

export async function seedDatabase(
  url: string,
  key: Uint8Array | undefined,
  users: number,
  channels: number,
): Promise<Seeded> {
  return fill(await openPostgresStore({ url }), key, { users, channels, prepare: async () => {} });
}

/** Closes the store. */
async function fill(
  store: Store,
  key: Uint8Array | undefined,
  { users, channels, prepare }: Omit<Start, "env">,
): Promise<Seeded> {
  const seeded = await seedStore(store, key, users, channels);
  await prepare(store, seeded);
  await store.close();
  return seeded;
}

/** Answers a session renewal with the seeded token: hashing a thousand passwords at login takes longer than the tests. */
export function fetchAs(url: string, token: string): typeof fetch {
  return async (input, init) => {
    if (new Request(input).url !== `${url}/api/auth/refresh`) return fetch(input, init);
    const answer = await fetch(`${url}/api/auth/me`, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) return answer;
    const user = (await answer.json()) as Me;
    return Response.json({ user, access_token: token, token_type: "bearer", expires_in: 86_400 });
  };
}

/** Waits until the condition holds. The error of a timeout says what was waited for, and the state instead. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  { timeoutMs = 120_000, instead = () => "" }: { timeoutMs?: number; instead?: () => string } = {},
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`timed out waiting until ${what} ${instead()}`.trimEnd());
    await sleep(20);
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
