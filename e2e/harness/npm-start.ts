import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect } from "vitest";

const root = new URL("../..", import.meta.url).pathname;
const startScript = join(root, "scripts/start.mjs");

export interface NpmStart {
  output(): string;
  /** Waits until the pattern matches the output and gives its first group. */
  printed(pattern: RegExp): Promise<string>;
  /** Sends SIGINT to the whole process group, as a terminal does on Ctrl-C. Gives the exit code. */
  pressCtrlC(): Promise<number | null>;
  ended: Promise<number | null>;
}

/** Runs `npm start -- …args` in a process group of its own. */
export function npmStart(args: readonly string[], env: Record<string, string> = {}): NpmStart {
  const child = spawn(process.execPath, [startScript, ...args], {
    cwd: root,
    detached: true,
    env: { ...process.env, LOG_LEVEL: "warn", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, "close").then(([code]) => code as number | null);
  return {
    output: () => output,
    async printed(pattern) {
      await expect.poll(() => output, { timeout: 120_000 }).toMatch(pattern);
      return pattern.exec(output)![1]!;
    },
    pressCtrlC() {
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGINT");
      return ended;
    },
    ended,
  };
}
