import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";

export interface ProgramOptions {
  /** For error messages and for the name of its folder. */
  readonly name: string;
  readonly command: string;
  /** Its arguments, to listen on 127.0.0.1 at the port and to keep its files in the folder. */
  readonly args: (place: { port: number; folder: string }) => readonly string[];
}

/** A server of somebody else's on a free port of 127.0.0.1, with a folder of its own. */
export class Program {
  readonly port: number;
  readonly #folder: string;
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
    this.#folder = folder;
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
    const { name, command, args } = this.#options;
    const given = args({ port: this.port, folder: this.#folder });
    const child = spawn(command, given, { stdio: ["ignore", "pipe", "pipe"], cwd: this.#folder });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (this.#output += String(chunk)));
    while (!(await answers(this.port))) {
      if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}:\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Ends the process without a warning; its files stay. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }

  /** Stops it from answering until `resume`; its connections stay open. */
  pause(): void {
    this.#child?.kill("SIGSTOP");
  }

  resume(): void {
    this.#child?.kill("SIGCONT");
  }

  /** Ends it and removes its folder. */
  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
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
