import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "./postgres.ts";
import { startRedis } from "./redis.ts";
import { startServerProcess } from "./server-process.ts";
import { startTestServer } from "./test-server.ts";

/** An instance as an operator may run it. */
export interface TestInstance {
  /** Addresses of its nodes. */
  readonly urls: readonly string[];
  stop(): Promise<void>;
  restart(): Promise<void>;
  /** Stops, and removes the data. */
  cleanup(): Promise<void>;
}

/** As in `testConfig`. */
const relaxedRates = Object.fromEntries(
  ["MESSAGES", "CHANGES", "JOINS", "TYPING", "REQUESTS"].map((name) => [`RATE_${name}`, "10000/s"]),
);

/** Every layout of nodes that Miscord can run in. */
export const layouts: Readonly<Record<string, () => Promise<TestInstance>>> = {
  async "one process"() {
    const server = await startTestServer();
    return {
      urls: [server.url],
      stop: () => server.stop(),
      restart: () => server.restart(),
      cleanup: () => server.cleanup(),
    };
  },

  async "four workers"() {
    const server = await startServerProcess({ WORKERS: "4", ...relaxedRates });
    return {
      urls: [server.url],
      stop: async () => void (await server.stop()),
      restart: () => server.start(),
      cleanup: () => server.dispose(),
    };
  },

  async "two nodes"() {
    const postgres = await startPostgres();
    const redis = await startRedis();
    const uploads = await mkdtemp(join(tmpdir(), "miscord-uploads-"));
    const storage = { kind: "folder", path: uploads } as const;
    const settings = { databaseUrl: postgres.createDatabase(), redisUrl: redis.url, storage };
    const nodes = await Promise.all([startTestServer(settings), startTestServer(settings)]);
    return {
      urls: nodes.map(({ url }) => url),
      stop: async () => void (await Promise.all(nodes.map((node) => node.stop()))),
      restart: async () => void (await Promise.all(nodes.map((node) => node.restart()))),
      async cleanup() {
        await Promise.all(nodes.map((node) => node.cleanup()));
        await redis.dispose();
        postgres.dispose();
        await rm(uploads, { recursive: true, force: true });
      },
    };
  },
};
