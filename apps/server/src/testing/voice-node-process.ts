import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { serverScript } from "./server-script.ts";
import type { ServerProcess } from "./server-process.ts";

const options = ["--disable-warning=ExperimentalWarning"];
const free = { VOICE_PORT: "0", PORT: "0", HOST: "127.0.0.1", VOICE_ADDRESS: "127.0.0.1" };

/** Runs an administration command on the data of the server. Returns what it prints. */
export function administer({ dataDir }: Pick<ServerProcess, "dataDir">, ...args: string[]): string {
  const run = [...options, serverScript("admin"), "--data", dataDir, ...args];
  const { stdout, stderr } = spawnSync(process.execPath, run, { encoding: "utf8" });
  return `${stdout}${stderr}`;
}

/** A voice node in a process of its own, which can be killed, paused and started again. */
export class VoiceNodeProcess {
  readonly #env: Record<string, string>;
  #child: ChildProcess | null = null;
  #output = "";

  /** Has a token of the server, and does not run yet. */
  constructor(server: Pick<ServerProcess, "dataDir" | "url">, name: string) {
    const token = /VOICE_NODE_TOKEN=(\S+)/.exec(administer(server, "add-voice-node", name))?.[1];
    if (token === undefined) throw new Error(`there is no token for ${name}`);
    this.#env = { INSTANCE_URL: server.url, VOICE_NODE_TOKEN: token, ...free };
  }

  /** Resolves once it has a link. */
  async start(): Promise<void> {
    this.#output = "";
    const child = spawn(process.execPath, [...options, serverScript("voice-node")], {
      env: { ...process.env, ...this.#env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => (this.#output += text));
    this.#child = child;
    while (this.mediaPort === null) {
      if (child.exitCode !== null) throw new Error(`the voice node has ended: ${this.#output}`);
      await setTimeout(20);
    }
  }

  /** Everything printed since the start. */
  get output(): string {
    return this.#output;
  }

  /** UDP port of its present link; null before there is one. */
  get mediaPort(): number | null {
    const [latest] = [...this.#output.matchAll(/UDP port (\d+)/g)].slice(-1);
    return latest ? Number(latest[1]) : null;
  }

  async kill(signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = signal === "SIGKILL" ? once(child, "exit") : null;
    child.kill(signal);
    await ended;
  }
}
