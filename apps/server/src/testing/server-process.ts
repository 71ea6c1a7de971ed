import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { serverScript } from "./server-script.ts";

/** A Miscord server in a process of its own, which can be stopped, killed, paused and started again. */
export interface ServerProcess {
  url: string;
  port: number;
  dataDir: string;
  /** Of the process that runs; undefined before the first start. */
  readonly pid: number | undefined;
  /** Everything printed so far, over all starts. */
  output(): string;
  /** Process ids of the workers that serve, of a server that was started with `WORKERS`; on Linux. */
  workerPids(): number[];
  /** Process ids of the forwarding processes, which carry the media of calls; on Linux. */
  forwardingPids(): number[];
  /** Resolves when the server answers. */
  start(): Promise<void>;
  /** Sends SIGTERM and gives the exit code. */
  stop(): Promise<number | null>;
  kill(signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): Promise<void>;
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

/** `script` is the entry point of another version, if it is not to be this one. */
export async function startServerProcess(
  env: Record<string, string> = {},
  script: string = serverScript(),
): Promise<ServerProcess> {
  const port = await freePort();
  const dataDir = await mkdtemp(join(tmpdir(), "miscord-e2e-"));
  const url = `http://localhost:${port}`;
  let child: ChildProcess | undefined;
  let output = "";

  async function start(): Promise<void> {
    const before = output.length;
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
    await untilLive(url, child, () => output.slice(before));
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
    return child.exitCode;
  }

  try {
    await start();
  } catch (error) {
    await end("SIGKILL");
    throw error;
  }
  return {
    url,
    port,
    dataDir,
    get pid() {
      return child?.pid;
    },
    output: () => output,
    workerPids: () => childrenOf(child?.pid).filter((pid) => commandOf(pid).startsWith("miscord worker")),
    forwardingPids: () => descendantsOf(child?.pid).filter((pid) => commandOf(pid).startsWith("miscord forwarding")),
    start,
    stop: () => end("SIGTERM"),
    async kill(signal) {
      if (signal === "SIGKILL") await end("SIGKILL");
      else child?.kill(signal);
    },
    async dispose() {
      await end("SIGKILL");
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function childrenOf(pid: number | undefined): number[] {
  const children = `/proc/${pid}/task/${pid}/children`;
  return existsSync(children) ? readFileSync(children, "utf8").trim().split(" ").filter(Boolean).map(Number) : [];
}

function descendantsOf(pid: number | undefined): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/** False also for a process that has ended and whose parent has not noticed it yet. */
export function isRunning(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

async function untilLive(url: string, child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`The server exited with code ${child.exitCode}:\n${output()}`);
    const live = await fetch(`${url}/health/live`).catch(() => null);
    // Several workers answer one after the other; this is printed when all do.
    if (live?.ok && output().includes("is running at")) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The server did not answer within 120 s:\n${output()}`);
}
