import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { startServer, type Overrides, type RunningServer } from "../app.ts";
import { readConfig, type Config } from "../config.ts";
import { databaseName } from "../data-folder.ts";
import { placeMigratedDatabase } from "./migrated-database.ts";

export interface TestServer extends RunningServer {
  readonly config: Config;
  /** Stops and starts again with the same data and port. */
  restart(): Promise<void>;
  /** Stops, and removes the data. */
  cleanup(): Promise<void>;
}

/** Rate limits that no test reaches; tests of throttling set their own. */
const relaxed = { perSecond: 1_000_000, burst: 1_000_000 };

export function testConfig(changes: Partial<Config> = {}): Config {
  const outcome = readConfig({}, []);
  if (!("config" in outcome)) throw new Error("the defaults are not valid settings");
  const { config } = outcome;
  const rates = Object.fromEntries(Object.keys(config.rates).map((name) => [name, relaxed]));
  return {
    ...config,
    port: 0,
    host: "127.0.0.1",
    rates: { ...config.rates, ...rates },
    anonymousRate: relaxed,
    ...changes,
  };
}

/** Starts a real server on a free port with its own data folder. */
export async function startTestServer(changes: Partial<Config> = {}, overrides: Overrides = {}): Promise<TestServer> {
  const dataDir = changes.dataDir ?? (await mkdtemp(join(tmpdir(), "miscord-test-")));
  const hasNewDatabase = changes.dataDir === undefined && changes.databaseUrl === undefined && !overrides.store;
  if (hasNewDatabase) await placeMigratedDatabase(join(dataDir, databaseName));
  const logger = overrides.logger ?? pino({ level: "silent" });
  let config = testConfig({ ...changes, dataDir, logDir: join(dataDir, "logs") });
  let server = await startServer(config, { ...overrides, logger });
  config = { ...config, port: server.port };
  return {
    config,
    get url() {
      return server.url;
    },
    get port() {
      return server.port;
    },
    get address() {
      return server.address;
    },
    get claimUrl() {
      return server.claimUrl;
    },
    get failure() {
      return server.failure;
    },
    stop: () => server.stop(),
    async restart() {
      await server.stop();
      server = await startServer(config, { ...overrides, logger });
    },
    async cleanup() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
