import type { ChildProcess } from "node:child_process";
import type { Clock, Timer } from "../../clock.ts";
import { forkUnit, startUnit } from "./fork-unit.ts";
import type { FromUnit, ToUnit, UnitOptions } from "./messages.ts";

/** A process that has run this long and then dies is replaced at once. */
const steadyMs = 10_000;
/** A process that dies again and again is replaced with growing delays, and after some deaths it counts as unusable. */
const firstDelayMs = 100;
const longestDelayMs = 30_000;
const tolerated = 4;
/** When to load the next process after one has become ready: those who connect to that one come first. */
const standbyMs = 5_000;
/** A process that is not ready by then hangs, and is replaced. It takes a second on a slow machine. */
const readyMs = 10_000;

export interface UnitProcessOptions {
  readonly clock: Clock;
  /** How the process is to work; asked before each start. */
  readonly unit: () => Promise<UnitOptions>;
  readonly fork?: () => ChildProcess;
  /** A new process runs and knows nothing of what the former one was told. */
  readonly onReady: (port: number) => void;
  readonly onMessage: (message: FromUnit) => void;
  readonly onUsable: (isUsable: boolean) => void;
  readonly onFailure: (reason: string) => void;
}

/**
 * The forwarding process of this node: started when it is first needed, and again whenever it dies. Another one waits in its
 * stead with the engine loaded, since on a busy machine that takes longer than everything else until people hear each other.
 */
export class UnitProcess {
  readonly #options: UnitProcessOptions;
  #child: ChildProcess | null = null;
  #standby: ChildProcess | null = null;
  #standbyTimer: Timer | null = null;
  #restart: Timer | null = null;
  #deadline: Timer | null = null;
  #isStarted = false;
  #isStopped = false;
  #isUsable = true;
  #deaths = 0;
  /** What the present process said that it lacks. */
  #failure: string | null = null;
  #readyAt: number | null = null;

  constructor(options: UnitProcessOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    void this.#fork();
  }

  /** Does nothing while no process is ready. */
  send(message: ToUnit): void {
    if (this.#readyAt !== null && this.#child?.connected) this.#child.send(message, () => {});
  }

  stop(): void {
    this.#isStopped = true;
    this.#restart?.cancel();
    this.#deadline?.cancel();
    this.#standbyTimer?.cancel();
    this.#child?.kill("SIGKILL");
    this.#standby?.kill("SIGKILL");
  }

  async #fork(): Promise<void> {
    const { clock, unit, fork = forkUnit } = this.#options;
    const options = await unit();
    if (this.#isStopped) return;
    const child = this.#standby ?? fork();
    this.#standby = null;
    this.#child = child;
    this.#deadline = clock.setTimeout(() => {
      this.#failure = "the forwarding process was not ready in time";
      child.kill("SIGKILL");
    }, readyMs);
    child.on("message", (message: FromUnit) => this.#receive(message));
    // A process that could not be started has no end.
    child.once("error", (error) =>
      child.pid === undefined ? this.#exited(error.message) : this.#options.onFailure(error.message),
    );
    child.once("exit", (code, signal) => this.#exited(signal ?? `code ${code}`));
    startUnit(child, options);
  }

  /** One that ends while it waits is not replaced before the next process is ready. */
  #prepareStandby(): void {
    const { clock, fork = forkUnit } = this.#options;
    this.#standbyTimer?.cancel();
    this.#standbyTimer = clock.setTimeout(() => {
      if (this.#standby) return;
      const standby = fork();
      this.#standby = standby;
      const forget = () => {
        if (this.#standby === standby) this.#standby = null;
      };
      standby.on("error", forget);
      standby.once("exit", forget);
    }, standbyMs);
  }

  #receive(message: FromUnit): void {
    const { clock, onReady, onMessage } = this.#options;
    // It may have been on its way when the process was killed.
    if (this.#isStopped) return;
    if (message.kind === "failed") {
      // What it lacks does not come back in a moment.
      this.#deaths = tolerated;
      this.#failure = message.reason;
      return;
    }
    if (message.kind !== "ready") return onMessage(message);
    this.#deadline?.cancel();
    this.#readyAt = clock.monotonic();
    this.#prepareStandby();
    onReady(message.port);
    this.#setUsable(true);
  }

  #exited(how: string): void {
    const { clock, onFailure } = this.#options;
    this.#child = null;
    this.#deadline?.cancel();
    if (this.#isStopped) return;
    onFailure(this.#failure ?? `the forwarding process ended (${how})`);
    this.#failure = null;
    if (this.#readyAt !== null && clock.monotonic() - this.#readyAt > steadyMs) this.#deaths = 0;
    this.#readyAt = null;
    const delayMs = this.#deaths === 0 ? 0 : Math.min(longestDelayMs, firstDelayMs * 4 ** this.#deaths);
    this.#deaths += 1;
    if (this.#deaths > tolerated) this.#setUsable(false);
    this.#restart = clock.setTimeout(() => void this.#fork(), delayMs);
  }

  #setUsable(isUsable: boolean): void {
    if (isUsable === this.#isUsable) return;
    this.#isUsable = isUsable;
    this.#options.onUsable(isUsable);
  }
}
