import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";

const script = new URL("../main.ts", import.meta.url).pathname;

/** A Miscord server in a process of its own, which can be stopped, killed, paused and started again. */
export interface ServerProcess {
  url: string;
  port: number;
  dataDir: string;
  /** Everything printed so far, over all starts. */
  output(): string;
  /** Resolves when the server answers. */
  start(): Promise<void>;
  /** Sends SIGTERM and gives the exit code. */
  stop(): Promise<number | null>;
  kill(signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): Promise<void>;
  /** Process ids of its worker processes. */
  workerPids(): number[];
  /** Kills the process if it runs and removes its data folder. */
  dispose(): Promise<void>;
}

/** All people of a test share one address and register within a second; rate limits have tests of their own. */
const relaxedLimits = {
  LOG_LEVEL: "warn",
  RATE_LOGINS: "1000/s",
  RATE_REGISTRATIONS: "1000/s",
  RATE_CONNECTIONS: "1000/s",
};

export async function startServerProcess(env: Record<string, string> = {}): Promise<ServerProcess> {
  const port = await freePort();
  const dataDir = await mkdtemp(join(tmpdir(), "miscord-e2e-"));
  const url = `http://localhost:${port}`;
  let child: ChildProcess | undefined;
  let output = "";

  async function start(): Promise<void> {
    child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", script, "--port", String(port), "--data", dataDir],
      {
        env: { ...process.env, ...relaxedLimits, LOG_DIR: join(dataDir, "logs"), ...env },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    await untilLive(url, child, () => output);
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
    return child.exitCode;
  }

  await start();
  return {
    url,
    port,
    dataDir,
    output: () => output,
    start,
    stop: () => end("SIGTERM"),
    async kill(signal) {
      if (signal === "SIGKILL") await end("SIGKILL");
      else child?.kill(signal);
    },
    workerPids: () => childrenOf(child?.pid),
    async dispose() {
      await end("SIGKILL");
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function childrenOf(pid: number | undefined): number[] {
  if (pid === undefined) return [];
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
}

async function untilLive(url: string, child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`The server exited with code ${child.exitCode}:\n${output()}`);
    const live = await fetch(`${url}/health/live`).catch(() => null);
    if (live?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The server did not answer within 60 s:\n${output()}`);
}
