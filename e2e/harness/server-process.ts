import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const main = new URL("../../apps/server/src/main.ts", import.meta.url).pathname;

/** Miscord as its operator runs it: a process of its own that can be stopped, killed, paused and started again. */
export interface ServerProcess {
  url: string;
  dataDir: string;
  output(): string;
  start(): Promise<void>;
  /** Asks politely and gives the exit code. */
  stop(): Promise<number | null>;
  kill(signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): Promise<void>;
  /** Stops it if it runs and removes its data. */
  dispose(): Promise<void>;
}

export async function startServerProcess(env: Record<string, string> = {}): Promise<ServerProcess> {
  const port = await freePort();
  const dataDir = await mkdtemp(join(tmpdir(), "miscord-e2e-"));
  const url = `http://localhost:${port}`;
  let child: ChildProcess | undefined;
  let output = "";

  async function start(): Promise<void> {
    child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", main, "--port", String(port), "--data", dataDir],
      {
        env: { ...process.env, ...relaxed, ...env },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    await answering(url, child, () => output);
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
    dataDir,
    output: () => output,
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

/** Test people come from one address and register in a moment; what guards against that has tests of its own. */
const relaxed = {
  LOG_LEVEL: "warn",
  RATE_LOGINS: "1000/s",
  RATE_REGISTRATIONS: "1000/s",
  RATE_CONNECTIONS: "1000/s",
};

async function answering(url: string, child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}:\n${output()}`);
    const live = await fetch(`${url}/health/live`).catch(() => null);
    if (live?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The server does not answer:\n${output()}`);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
