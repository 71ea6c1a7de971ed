import { setTimeout as sleep } from "node:timers/promises";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Child, cores } from "./child.ts";
import type { Community, Contestant, Running } from "./contestant.ts";
import type { ProbeReading } from "./probe.ts";
import { seed, type Seeded } from "./seed.ts";

const probe = new URL("probe.ts", import.meta.url);
const main = new URL("../apps/server/src/main.ts", import.meta.url);
const startLimitMs = 60_000;

/** One write for each event and recipient: what the batching of delivery saves is the difference. */
const unbatched = { BATCH_SIZE: "1", FLUSH_INTERVAL: "0" };
const unlimited = { RATE_MESSAGES: "1000000/s" };

/** The product as an operator starts it: accounts, authorisation, SQLite with full sync, logs. */
export const miscordContestants: readonly Contestant[] = [
  miscord("miscord", "Miscord", false, {}),
  miscord("miscord-deflate", "Miscord, compressed", true, {}),
  miscord("miscord-unbatched", "Miscord, batching off", false, unbatched),
  miscord("miscord-unbatched-deflate", "Miscord, compressed, batching off", true, unbatched),
];

function miscord(name: string, label: string, compression: boolean, settings: Record<string, string>): Contestant {
  const start = (community: Community): Promise<Running> => startMiscord(settings, community);
  return { name, label, compression, isPeer: false, dialect: "json", heartbeatMs: 15_000, start };
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
  };
  const running = new RunningMiscord(dataDir, port, env, seeded);
  await running.untilItAnswers();
  return running;
}

class RunningMiscord implements Running {
  readonly port: number;
  readonly channels: readonly number[];
  readonly paths: readonly string[];
  #dataDir: string;
  #env: Record<string, string>;
  #child: Child;

  constructor(dataDir: string, port: number, env: Record<string, string>, seeded: Seeded) {
    this.#dataDir = dataDir;
    this.port = port;
    this.#env = env;
    this.channels = seeded.channels;
    this.paths = seeded.tokens.map((token) => `/ws/main?token=${token}`);
    this.#child = this.#spawn();
  }

  get pid(): number {
    return this.#child.pid;
  }

  get log(): string {
    return this.#child.log;
  }

  resetLoopLag(): void {
    this.#child.tell({ probe: "reset" });
  }

  async loopLagP99Ms(): Promise<number> {
    return (await this.#child.ask<ProbeReading>({ probe: "read" })).loopLagP99Ms;
  }

  async killAndRestart(outageMs: number): Promise<void> {
    await this.#child.end("SIGKILL");
    await sleep(outageMs);
    this.#child = this.#spawn();
    await this.untilItAnswers();
  }

  async stop(): Promise<void> {
    await this.#child.end("SIGKILL");
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  async untilItAnswers(): Promise<void> {
    const deadline = Date.now() + startLimitMs;
    while (!(await answers(this.port))) {
      if (this.#child.hasEnded) throw new Error(`the server ended:\n${this.#child.log}`);
      if (Date.now() > deadline) throw new Error(`the server does not answer:\n${this.#child.log}`);
      await sleep(20);
    }
  }

  #spawn(): Child {
    const execArgv = ["--disable-warning=ExperimentalWarning", "--import", probe.href];
    return new Child(main, { core: cores.server, execArgv, env: this.#env });
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
