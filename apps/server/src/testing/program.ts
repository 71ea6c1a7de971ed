import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";

interface Place {
  readonly port: number;
  readonly folder: string;
}

export interface ProgramOptions {
  /** For error messages and for the name of its folder. */
  readonly name: string;
  readonly command: string;
  /** Its arguments, to listen on 127.0.0.1 at the port and to keep its files in the folder. May write files first. */
  readonly args: (place: Place) => readonly string[] | Promise<readonly string[]>;
  /** Its environment besides PATH; by default that of the tests. */
  readonly env?: (place: Place) => Record<string, string>;
}

/** A server of somebody else's on a free port of 127.0.0.1, with a folder of its own. */
export class Program {
  readonly port: number;
  readonly folder: string;
  readonly #options: ProgramOptions;
  #child: ChildProcess | undefined;
  #output = "";

  /** Resolves when the program accepts connections. */
  static async start(options: ProgramOptions): Promise<Program> {
    const program = new Program(options, await freePort(), mkdtempSync(join(tmpdir(), `miscord-${options.name}-`)));
    await program.start();
    return program;
  }

  private constructor(options: ProgramOptions, port: number, folder: string) {
    this.#options = options;
    this.port = port;
    this.folder = folder;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** What it has written to its standard output and error. */
  get output(): string {
    return this.#output;
  }

  /** Starts it, again after `kill`, on the same port and folder. */
  async start(): Promise<void> {
    const { name, command, args, env } = this.#options;
    const place = { port: this.port, folder: this.folder };
    const child = spawn(command, await args(place), {
      stdio: ["ignore", "pipe", "pipe"],
      cwd: this.folder,
      ...(env && { env: { PATH: process.env["PATH"], ...env(place) } }),
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (this.#output += String(chunk)));
    await once(child, "spawn");
    while (!(await answers(this.port))) {
      if (hasEnded(child))
        throw new Error(`${name} ended with ${child.exitCode ?? child.signalCode}:\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Ends the process without a warning; its files stay. */
  kill(): Promise<void> {
    return this.#end("SIGKILL");
  }

  /** Stops it from answering until `resume`; its connections stay open. */
  pause(): void {
    this.#child?.kill("SIGSTOP");
  }

  resume(): void {
    this.#child?.kill("SIGCONT");
  }

  /** Ends it with the processes that it has started, and removes its folder. */
  async dispose(): Promise<void> {
    this.resume();
    await this.#end("SIGTERM");
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (!child || hasEnded(child)) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const outcome = await once(socket, "connect").then(
    () => true,
    () => false,
  );
  socket.destroy();
  return outcome;
}
