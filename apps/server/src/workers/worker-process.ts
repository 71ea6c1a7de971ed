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
/** A process that spent more than this share of the time since its last answer has the CPU that it needs: it is in a loop. */
const mostCpuShare = 0.5;
const startWithinMs = 120_000;

/** CPU time that a process has spent by a moment. */
interface Spent {
  cpuMs: number;
  atMs: number;
}

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
    let before: Spent | null = null;
    const ping = async () => {
      // Fails only when the worker is gone, which `exited` reports.
      const answer = await this.link.call("ping", state()).catch(() => null);
      if (!answer) return;
      unanswered = 0;
      this.deliveriesPerSecond = answer.deliveriesPerSecond;
    };
    const timer = setInterval(() => {
      unanswered += 1;
      if (unanswered === 1) before = this.#spent();
      if (unanswered > pingsUnanswered && !(unanswered <= pingsOfStarved && this.#isStarvedSince(before)))
        return this.#killFor(`it missed ${unanswered - 1} pings`);
      void ping();
    }, pingEveryMs);
    void this.exited.then(() => clearInterval(timer));
  }

  /** Whether it works, but gets little of the CPU. */
  #isStarvedSince(before: Spent | null): boolean {
    const now = this.#spent();
    if (!before || !now) return false;
    const cpuMs = now.cpuMs - before.cpuMs;
    return cpuMs >= leastCpuMs && cpuMs < mostCpuShare * (now.atMs - before.atMs);
  }

  #spent(): Spent | null {
    const cpuMs = this.#child.pid === undefined ? null : this.#cpuTime(this.#child.pid);
    return cpuMs === null ? null : { cpuMs, atMs: performance.now() };
  }
}
