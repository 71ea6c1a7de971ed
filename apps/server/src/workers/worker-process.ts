import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { StartupError } from "../startup-error.ts";
import { Link } from "./link.ts";
import type { Assignment, Listening, PrimaryState, WorkerOffer } from "./offers.ts";
import { processPort } from "./process-port.ts";

export interface ProcessEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
}

const pingEveryMs = 1_000;
/** A worker that misses so many is killed: the kernel would give it connections that nobody answers. */
const pingsUnanswered = 10;
const startWithinMs = 120_000;

/** The primary's end of one worker process. */
export class WorkerProcess {
  readonly link: Link<WorkerOffer>;
  /** The load at its last answer to a ping. */
  deliveriesPerSecond = 0;
  readonly #child: ChildProcess;
  readonly exited: Promise<ProcessEnd>;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.link = new Link(processPort(child));
    this.link.onOverflow(() => this.kill());
    this.exited = once(child, "exit").then(([code, signal]) => {
      this.link.close();
      return { code, signal };
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

  /** Counts pings rather than time: after a pause of the whole machine, the worker has as many chances as before. */
  #watch(state: () => PrimaryState): void {
    let unanswered = 0;
    const ping = async () => {
      // Fails only when the worker is gone, which `exited` reports.
      const answer = await this.link.call("ping", state()).catch(() => null);
      if (!answer) return;
      unanswered = 0;
      this.deliveriesPerSecond = answer.deliveriesPerSecond;
    };
    const timer = setInterval(() => {
      unanswered += 1;
      if (unanswered > pingsUnanswered) return this.kill();
      void ping();
    }, pingEveryMs);
    void this.exited.then(() => clearInterval(timer));
  }
}
