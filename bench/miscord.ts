import { setTimeout as sleep } from "node:timers/promises";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Child, cores } from "./child.ts";
import type { Community, Contestant, Running } from "./contestant.ts";
import { probeArgv, ServerProcess } from "./server-process.ts";
import { seed, type Seeded } from "../apps/server/src/testing/seed.ts";

const main = new URL("../apps/server/src/main.ts", import.meta.url);
const startLimitMs = 60_000;

/** Settings without batching: one write for each event and recipient. */
const unbatched = { BATCH_SIZE: "1", FLUSH_INTERVAL: "0" };
const unlimited = { RATE_MESSAGES: "1000000/s" };

/** Miscord as an operator runs it: with accounts, authorisation, SQLite with full sync, and logs. */
export const miscordContestants: readonly Contestant[] = [
  miscord("miscord", "Miscord", false, {}),
  miscord("miscord-deflate", "Miscord, compressed", true, {}),
  miscord("miscord-unbatched", "Miscord, batching off", false, unbatched),
  miscord("miscord-unbatched-deflate", "Miscord, compressed, batching off", true, unbatched),
];

function miscord(name: string, label: string, compression: boolean, settings: Record<string, string>): Contestant {
  const start = (community: Community): Promise<Running> => startMiscord(settings, community);
  return { name, label, compression, isPeer: false, format: "json", heartbeatMs: 15_000, start };
}

async function startMiscord(settings: Record<string, string>, community: Community): Promise<Running> {
  const dataDir = mkdtempSync(join(tmpdir(), "miscord-bench-"));
  const seeded = await seed(dataDir, community.people, community.channels);
  const port = await freePort();
  const env = {
    ...settings,
    ...(community.unlimited ? unlimited : {}),
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
  readonly port: number;
  readonly channels: readonly number[];
  readonly paths: readonly string[];
  readonly process: ServerProcess;
  readonly #dataDir: string;

  constructor(dataDir: string, port: number, env: Record<string, string>, seeded: Seeded) {
    this.#dataDir = dataDir;
    this.port = port;
    this.channels = seeded.channels;
    this.paths = seeded.tokens.map((token) => `/ws/main?token=${token}`);
    const execArgv = ["--disable-warning=ExperimentalWarning", ...probeArgv];
    this.process = new ServerProcess(() => new Child(main, { core: cores.server, execArgv, env }));
  }

  async killAndRestart(outageMs: number): Promise<void> {
    await this.process.restart(outageMs);
    await this.untilItAnswers();
  }

  async stop(): Promise<void> {
    await this.process.kill();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  async untilItAnswers(): Promise<void> {
    const deadline = Date.now() + startLimitMs;
    while (!(await answers(this.port))) {
      if (this.process.hasEnded) throw new Error(`the server ended:\n${this.process.log}`);
      if (Date.now() > deadline) throw new Error(`the server does not answer:\n${this.process.log}`);
      await sleep(20);
    }
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/api/instance`)).ok;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      if (address === null || typeof address === "string") return reject(new Error("no port"));
      probe.close(() => resolve(address.port));
    });
  });
}
