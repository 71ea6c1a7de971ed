import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { StartupError } from "../startup-error.ts";
import { Link, type Offer } from "./link.ts";
import type { Assignment, Listening, WorkerOffer } from "./offers.ts";
import { processPort } from "./process-port.ts";

export interface ProcessEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
}

const pingEveryMs = 2_000;
/** A worker that misses so many is killed: the kernel would give it connections that nobody answers. */
const pingsUnanswered = 5;
const startWithinMs = 60_000;

/** The primary's end of one worker process. */
export class WorkerProcess {
  readonly link: Link<WorkerOffer>;
  readonly #child: ChildProcess;
  readonly exited: Promise<ProcessEnd>;

  constructor(child: ChildProcess, ours: Offer) {
    this.#child = child;
    this.link = new Link(processPort(child), ours);
    this.link.onOverflow(() => this.kill());
    this.exited = once(child, "exit").then(([code, signal]) => {
      this.link.close();
      return { code, signal } as ProcessEnd;
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Resolves once the worker serves. Rejects with its reason, or with a StartupError when it ended without one. */
  async start(assignment: Assignment): Promise<Listening> {
    const timer = setTimeout(() => this.kill(), startWithinMs);
    try {
      const listening = await this.link.call("start", assignment);
      this.#watch();
      return listening;
    } catch (error) {
      const isAlive = this.#child.connected;
      this.kill();
      const { code, signal } = await this.exited;
      if (isAlive) throw error;
      throw new StartupError(`A worker process ended (${signal ?? `code ${code}`}) before it served.`, {
        cause: error,
      });
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
  #watch(): void {
    let unanswered = 0;
    const timer = setInterval(() => {
      unanswered += 1;
      if (unanswered > pingsUnanswered) return this.kill();
      this.link.call("ping", undefined).then(
        () => (unanswered = 0),
        () => {},
      );
    }, pingEveryMs);
    void this.exited.then(() => clearInterval(timer));
  }
}
