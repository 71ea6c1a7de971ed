import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir, uptime } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { readProcs, startedAtMs, withDescendants } from "../proc.ts";
import { freePort } from "../../apps/server/src/testing/free-port.ts";
import type { Scenario } from "./scenario.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const script = "apps/server/dist/main.js";
/** The first start may build the web client. */
const startLimitMs = 180_000;
const pollMs = 2;

/**
 * `npm start` on a data folder that exists, without a core of its own: how soon the server answers, and what it takes with
 * nobody connected. The kernel tells the start of a process to 10 ms.
 */
export const start: Scenario = {
  name: "start",
  title: "a second start",
  pointName: "starts",
  headline: ["answerMs", "npmMs", "rssBytes", "cpuMs"],
  suits: ({ name }) => name === "miscord",
  async run(_contestant, settings, record) {
    const dataDir = mkdtempSync(join(tmpdir(), "miscord-bench-"));
    try {
      await startOnce(dataDir, 0);
      record(2, await startOnce(dataDir, settings.start.restMs));
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

async function startOnce(dataDir: string, restMs: number): Promise<Record<string, number>> {
  const port = await freePort();
  const begunAt = uptime() * 1_000;
  const npm = spawn("npm", ["start", "--", "--port", String(port), "--data", dataDir], {
    cwd: root,
    detached: true,
    stdio: "ignore",
    env: { ...process.env, HOST: "127.0.0.1", LOG_DIR: join(dataDir, "logs") },
  });
  const ended = once(npm, "exit");
  try {
    await untilAnswering(port, () => npm.exitCode);
    const answeredAt = uptime() * 1_000;
    const pid = withDescendants(npm.pid ?? 0).find(isServer);
    if (pid === undefined) throw new Error(`no process runs ${script}`);
    const { cpuMs } = readProcs([pid]);
    const processAt = startedAtMs(pid);
    await sleep(restMs);
    const { rssBytes } = readProcs([pid]);
    return { answerMs: answeredAt - processAt, npmMs: processAt - begunAt, rssBytes, cpuMs };
  } finally {
    if (npm.pid !== undefined && npm.exitCode === null) process.kill(-npm.pid, "SIGTERM");
    await ended;
  }
}

/** npm and its shell have the script's name in their command too, but do not begin with a Node that runs it. */
function isServer(pid: number): boolean {
  const command = readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0");
  return command.slice(1, 4).includes(script);
}

async function untilAnswering(port: number, exitCode: () => number | null): Promise<void> {
  const deadline = Date.now() + startLimitMs;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/instance`).catch(() => null);
    if (answer?.ok) return;
    if (exitCode() !== null) throw new Error(`npm start ended with code ${exitCode()}`);
    if (Date.now() > deadline) throw new Error("the server does not answer");
    await sleep(pollMs);
  }
}
