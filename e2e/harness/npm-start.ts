import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect } from "vitest";

const root = new URL("../..", import.meta.url).pathname;
const script = new URL("../../scripts/start.mjs", import.meta.url).pathname;

export interface NpmStart {
  output(): string;
  /** Waits for a line and gives what the pattern caught in it. */
  printed(pattern: RegExp): Promise<string>;
  /** What a terminal sends to everything that runs in it. Gives the exit code. */
  pressCtrlC(): Promise<number | null>;
  ended: Promise<number | null>;
}

/** `npm start -- …args`, in a terminal of its own. */
export function npmStart(args: readonly string[], env: Record<string, string> = {}): NpmStart {
  const child = spawn(process.execPath, [script, ...args], {
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
