import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { StartupError } from "../startup-error.ts";
import { cpuTimeMs } from "./cpu-time.ts";
import { Link } from "./link.ts";
import type { Assignment, Listening, PrimaryState, WorkerOffer } from "./offers.ts";
import { processPort } from "./process-port.ts";

export interface ProcessEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Why the primary killed it. */
  killed?: string;
}

const pingEveryMs = 1_000;
/** A worker that misses so many and stands still is killed: the kernel would give it connections that nobody answers. */
const pingsUnanswered = 10;
/**
 * One that gets too little of a busy machine's CPU has so many. Its connections would come back to the others at once, and
 * make them late as well.
 */
const pingsOfStarved = 60;
/** Without so much CPU time since its last answer a process does nothing, not even slowly. */
const leastCpuMs = 50;
/** A process that spent so much since its last answer is in a loop. */
const mostCpuMs = 10_000;
const startWithinMs = 120_000;

/** The primary's end of one worker process. */
export class WorkerProcess {
  readonly link: Link<WorkerOffer>;
  /** The load at its last answer to a ping. */
  deliveriesPerSecond = 0;
  readonly #child: ChildProcess;
  readonly #cpuTime: typeof cpuTimeMs;
  readonly exited: Promise<ProcessEnd>;
  #killed: string | undefined;

  constructor(child: ChildProcess, cpuTime = cpuTimeMs) {
    this.#child = child;
    this.#cpuTime = cpuTime;
    this.link = new Link(processPort(child));
    this.link.onOverflow(() => this.#killFor("too much waited for it"));
    this.exited = once(child, "exit").then(([code, signal]) => {
      this.link.close();
      return { code, signal, ...(this.#killed && { killed: this.#killed }) };
    });
  }

  /** Resolves once the worker serves. Rejects with its reason, or with a StartupError when it ended without one. */
  async start(assignment: Assignment, state: () => PrimaryState): Promise<Listening> {
    const timer = setTimeout(() => this.kill(), startWithinMs);
    try {
      const listening = await this.link.call("start", assignment);
      this.#watch(state);
      return listening;
    } catch (error) {
      const isAlive = this.#child.connected;
      this.kill();
      const { code, signal } = await this.exited;
      if (isAlive) throw error;
      throw new StartupError(`A worker process ended (${signal ?? `code ${code}`}) before it served.`);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Lets the worker finish what it does; it then ends. */
  stop(): void {
    this.link.notify("stop", undefined);
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #killFor(reason: string): void {
    this.#killed ??= reason;
    this.kill();
  }

  /** Counts pings rather than time: after a pause of the whole machine, the worker has as many chances as before. */
  #watch(state: () => PrimaryState): void {
    let unanswered = 0;
    let cpuBefore: number | null = null;
    const ping = async () => {
      // Fails only when the worker is gone, which `exited` reports.
      const answer = await this.link.call("ping", state()).catch(() => null);
      if (!answer) return;
      unanswered = 0;
      this.deliveriesPerSecond = answer.deliveriesPerSecond;
    };
    const timer = setInterval(() => {
      unanswered += 1;
      if (unanswered === 1) cpuBefore = this.#cpuMs();
      if (unanswered > pingsUnanswered && !(unanswered <= pingsOfStarved && this.#isStarved(cpuBefore)))
        return this.#killFor(`it missed ${unanswered - 1} pings`);
      void ping();
    }, pingEveryMs);
    void this.exited.then(() => clearInterval(timer));
  }

  /** Whether it works, but gets little of the CPU. */
  #isStarved(cpuBefore: number | null): boolean {
    const now = this.#cpuMs();
    if (now === null || cpuBefore === null) return false;
    return now - cpuBefore >= leastCpuMs && now - cpuBefore < mostCpuMs;
  }

  #cpuMs(): number | null {
    return this.#child.pid === undefined ? null : this.#cpuTime(this.#child.pid);
  }
}
