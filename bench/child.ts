import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";

/** The server is pinned to the first core and the generator to the second, where `taskset` works. */
export const cores = { server: 0, generator: 1 } as const;
export const pinning = availableParallelism() > 1 && spawnSync("taskset", ["-c", "0", "true"]).status === 0;

export interface ChildOptions {
  core: number;
  /** The file is a program of its own, which speaks Node's IPC channel: one JSON object a line. */
  isProgram?: boolean;
  env?: Record<string, string>;
  execArgv?: readonly string[];
  args?: readonly string[];
}

/** A process with Node's IPC channel, pinned to a core. The end of its output is kept for error messages. */
export class Child {
  readonly process: ChildProcess;
  #log = "";

  constructor(file: URL, { core, isProgram = false, env = {}, execArgv = [], args = [] }: ChildOptions) {
    const command = isProgram ? [file.pathname, ...args] : [process.execPath, ...execArgv, file.pathname, ...args];
    if (pinning) command.unshift("taskset", "-c", String(core));
    this.process = spawn(command[0]!, command.slice(1), {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: { ...process.env, NODE_ENV: "production", ...env },
    });
    for (const stream of [this.process.stdout, this.process.stderr])
      stream?.on("data", (text) => this.#keep(String(text)));
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  /** The end of what the process wrote, at most 4,000 characters. */
  get log(): string {
    return this.#log;
  }

  /** The next message that the process sends; rejects if it ends first. */
  async message<T>(): Promise<T> {
    const over = new AbortController();
    const ended = once(this.process, "exit", { signal: over.signal }).then(() => {
      throw new Error(`process ended: ${this.#log}`);
    });
    const message = once(this.process, "message", { signal: over.signal });
    try {
      const [value] = await Promise.race([message, ended]);
      return value as T;
    } finally {
      over.abort();
      await Promise.allSettled([ended, message]);
    }
  }

  async request<T>(message: object): Promise<T> {
    const answer = this.message<T>();
    this.process.send(message);
    return answer;
  }

  send(message: object): void {
    this.process.send(message);
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.hasEnded) return;
    const ended = once(this.process, "exit");
    this.process.kill(signal);
    await ended;
  }

  #keep(text: string): void {
    this.#log = (this.#log + text).slice(-4_000);
  }
}
