import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Overrides } from "../app.ts";
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

/** Every layout of nodes that Miscord can run in. Workers, which are processes of their own, take no overrides. */
export const layouts: Readonly<Record<string, (overrides?: Overrides) => Promise<TestInstance>>> = {
  async "one process"(overrides) {
    const server = await startTestServer({}, overrides);
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

  async "two nodes"(overrides) {
    const postgres = await startPostgres();
    const redis = await startRedis();
    const uploads = await mkdtemp(join(tmpdir(), "miscord-uploads-"));
    const storage = { kind: "folder", path: uploads } as const;
    const settings = { databaseUrl: postgres.createDatabase(), redisUrl: redis.url, storage };
    const nodes = await Promise.all([startTestServer(settings, overrides), startTestServer(settings, overrides)]);
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
