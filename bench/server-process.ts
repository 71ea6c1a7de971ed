import { setTimeout as sleep } from "node:timers/promises";
import { Child } from "./child.ts";
import type { ProbeReading } from "./probe.ts";

/** Node options that load the probe into a contestant's server. */
export const probeArgv: readonly string[] = ["--import", new URL("probe.ts", import.meta.url).href];

/** The process of a contestant's server, which loads the probe. It can be killed and started again. */
export class ServerProcess {
  readonly #spawn: () => Child;
  #child: Child;

  constructor(spawn: () => Child) {
    this.#spawn = spawn;
    this.#child = spawn();
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** The end of what the server wrote, at most 4,000 characters. */
  get log(): string {
    return this.#child.log;
  }

  get hasEnded(): boolean {
    return this.#child.hasEnded;
  }

  /** The next message that the process sends; rejects if it ends first. */
  message<T>(): Promise<T> {
    return this.#child.message<T>();
  }

  request<T>(message: object): Promise<T> {
    return this.#child.request<T>(message);
  }

  resetLoopLag(): void {
    this.#child.send({ probe: "reset" });
  }

  async loopLagP99Ms(): Promise<number> {
    return (await this.#child.request<ProbeReading>({ probe: "read" })).loopLagP99Ms;
  }

  async loopLagMaxMs(): Promise<number> {
    return (await this.#child.request<ProbeReading>({ probe: "read" })).loopLagMaxMs;
  }

  kill(): Promise<void> {
    return this.#child.end("SIGKILL");
  }

  /** SIGKILL, and another process after `outageMs`. */
  async restart(outageMs: number): Promise<void> {
    await this.kill();
    await sleep(outageMs);
    this.#child = this.#spawn();
  }
}
