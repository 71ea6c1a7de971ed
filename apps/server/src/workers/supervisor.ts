import type { ChildProcess } from "node:child_process";
import type { Logger } from "pino";
import type { Assignment, Listening, PrimaryState } from "./offers.ts";
import { WorkerProcess, type ProcessEnd } from "./worker-process.ts";

export interface SupervisorOptions {
  workers: number;
  logger: Logger;
  fork: () => ChildProcess;
  /** Offers to the worker what the primary has. Returns the function to call when the worker is gone. */
  serve: (worker: WorkerProcess) => () => void;
  assignment: (number: number) => Assignment;
  state: () => PrimaryState;
  /** Called when no worker serves and none can be started. */
  onHopeless: (error: Error) => void;
}

/** A worker that served for so long is replaced at once. */
const stableMs = 10_000;
const longestPauseMs = 30_000;
const attemptsWithoutWorker = 5;
/** Workers that have not ended by then are killed, so that the primary can still close the database in time. */
const stopWithinMs = 8_500;
/** A worker that stands still does not keep the operator from the figures of the others. */
const answerWithinMs = 2_000;

/** Starts the worker processes, replaces those that end, and stops them. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #running = new Map<number, WorkerProcess>();
  /** Those that serve, with the monotonic time since when. */
  readonly #serving = new Map<number, number>();
  /** How often in a row a worker ended soon after it began, or did not begin. */
  readonly #failures = new Map<number, number>();
  #isStopping = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Resolves with the address once all serve; rejects with the reason of the first that cannot. */
  async start(): Promise<Listening> {
    const numbers = Array.from({ length: this.#options.workers }, (_, index) => index + 1);
    const started = await Promise.all(numbers.map((number) => this.#start(number)));
    return { ...started[0]!, claimUrl: started.find(({ claimUrl }) => claimUrl !== null)?.claimUrl ?? null };
  }

  /** Resolves when all have ended. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const all = [...this.#running];
    for (const [number, worker] of all) {
      if (this.#serving.has(number)) worker.stop();
      else worker.kill();
    }
    const timer = setTimeout(() => {
      for (const [, worker] of all) worker.kill();
    }, stopWithinMs);
    await Promise.all(all.map(([, { exited }]) => exited));
    clearTimeout(timer);
  }

  /** The answers of the workers that serve, in the order of their numbers, without those that fail or take too long. */
  async askAll<Answer>(ask: (worker: WorkerProcess, number: number) => Promise<Answer>): Promise<Answer[]> {
    const numbers = [...this.#serving.keys()].toSorted((a, b) => a - b);
    const late = new Promise<null>((resolve) => setTimeout(resolve, answerWithinMs, null));
    const answers = numbers.flatMap((number) => {
      const worker = this.#running.get(number);
      return worker ? [Promise.race([ask(worker, number).catch(() => null), late])] : [];
    });
    return (await Promise.all(answers)).filter((answer) => answer !== null);
  }

  async #start(number: number): Promise<Listening> {
    const { fork, serve, assignment, state } = this.#options;
    const worker = new WorkerProcess(fork());
    const release = serve(worker);
    this.#running.set(number, worker);
    void this.#awaitEnd(number, worker, release);
    const listening = await worker.start(assignment(number), state);
    this.#serving.set(number, performance.now());
    return listening;
  }

  async #awaitEnd(number: number, worker: WorkerProcess, release: () => void): Promise<void> {
    const end = await worker.exited;
    release();
    this.#running.delete(number);
    const servedAt = this.#serving.get(number);
    // A worker that never served is a matter of whoever started it.
    if (this.#serving.delete(number)) this.#replace(number, { end, sinceMs: performance.now() - (servedAt ?? 0) });
  }

  #replace(number: number, { end, sinceMs }: { end: ProcessEnd; sinceMs: number }): void {
    if (this.#isStopping) return;
    this.#options.logger.error({ worker: number, ...end }, "a worker process ended and is replaced");
    if (sinceMs >= stableMs) this.#failures.delete(number);
    void this.#startAgain(number);
  }

  /** Tries until the worker serves, with longer and longer pauses. */
  async #startAgain(number: number): Promise<void> {
    const failures = this.#failures.get(number) ?? 0;
    this.#failures.set(number, failures + 1);
    // Also keeps the process alive while no worker is there.
    await new Promise((resolve) => setTimeout(resolve, pauseMs(failures)));
    if (this.#isStopping) return;
    try {
      await this.#start(number);
    } catch (error) {
      if (this.#isStopping) return;
      this.#options.logger.error({ worker: number, err: error }, "a worker process cannot be started");
      if (this.#serving.size === 0 && failures >= attemptsWithoutWorker)
        return this.#options.onHopeless(asError(error));
      void this.#startAgain(number);
    }
  }
}

/** The first replacement starts at once. */
function pauseMs(failures: number): number {
  return failures === 0 ? 0 : Math.min(longestPauseMs, 250 * 2 ** failures);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
