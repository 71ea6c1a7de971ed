import { Worker } from "node:worker_threads";
import { AppError } from "../../errors.ts";
import { DatabaseError, type DatabaseFault } from "../sql-dialect.ts";
import { endOfRequests, type WorkerError, type WorkerReply } from "./worker-reply.ts";

/** A worker that does not end by itself within this time is terminated. */
const endTimeoutMs = 2_000;

interface Waiting {
  resolve(value: never): void;
  reject(error: Error): void;
}

interface Call<Request> extends Waiting {
  request: Request;
}

/**
 * The main thread's end of a worker that answers in order. Requests of one turn of the event loop are posted together,
 * because waking a thread costs as much as a small query. When the worker dies, all pending and later calls reject.
 */
export class WorkerLink<Request, Value> {
  readonly #worker: Worker;
  #unposted: Call<Request>[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #onDeath: (error: Error) => void;
  readonly #exited: Promise<unknown>;
  #dead: Error | null = null;
  #closing = false;
  #onIdle: () => void = () => {};

  /** `onDeath` is called at most once, unless the link is closing. */
  constructor(script: URL, workerData: unknown, onDeath: (error: Error) => void) {
    this.#onDeath = onDeath;
    this.#worker = new Worker(script, { workerData, name: script.pathname.split("/").at(-1) ?? "worker" });
    this.#worker.on("message", (reply: WorkerReply<Value>) => this.#settle(reply));
    this.#worker.on("error", (error) => this.#die(error instanceof Error ? error : new Error(String(error))));
    this.#exited = new Promise((resolve) => this.#worker.on("exit", resolve));
    this.#worker.on("exit", (code) => this.#die(new Error(`A database worker ended with code ${code}.`)));
  }

  /**
   * Resolves with the worker's answer. Rejects with a DatabaseError when SQLite failed, with an Error when the handler
   * threw, and with an AppError `unavailable` when the worker is dead or the link is closing.
   */
  call(request: Request): Promise<Value> {
    if (this.#dead || this.#closing) return Promise.reject(unavailable(this.#dead));
    return new Promise<Value>((resolve, reject) => {
      this.#unposted.push({ request, resolve, reject });
      if (this.#unposted.length === 1) setImmediate(() => this.#post());
    });
  }

  /**
   * Waits for the answers to earlier calls, then lets the worker close its databases and end. Terminating it with open
   * databases leaves them to the teardown of its thread.
   */
  async close(): Promise<void> {
    this.#closing = true;
    this.#post();
    if (this.#waiting.length > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    const timer = setTimeout(() => void this.#worker.terminate(), endTimeoutMs);
    this.#worker.postMessage(endOfRequests);
    await this.#exited;
    clearTimeout(timer);
  }

  #post(): void {
    const calls = this.#unposted;
    this.#unposted = [];
    if (calls.length === 0) return;
    try {
      this.#postTogether(calls);
    } catch {
      // One request cannot be cloned; only its own call must reject.
      for (const call of calls) this.#postAlone(call);
    }
  }

  #postAlone(call: Call<Request>): void {
    try {
      this.#postTogether([call]);
    } catch (error) {
      call.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Throws when a request cannot be cloned, and then none of them is posted. */
  #postTogether(calls: Call<Request>[]): void {
    this.#worker.postMessage(calls.map(({ request }) => request));
    this.#waiting.push(...calls);
  }

  #settle(reply: WorkerReply<Value>): void {
    const waiting = this.#waiting.shift();
    if (!waiting) return;
    if ("error" in reply) waiting.reject(databaseError(reply.error));
    else waiting.resolve(reply.value as never);
    if (this.#waiting.length === 0) this.#onIdle();
  }

  #die(error: Error): void {
    if (this.#dead) return;
    this.#dead = error;
    for (const waiting of [...this.#waiting.splice(0), ...this.#unposted.splice(0)]) waiting.reject(unavailable(error));
    this.#onIdle();
    if (!this.#closing) this.#onDeath(error);
  }
}

function unavailable(cause: Error | null): AppError {
  return new AppError("unavailable", "The database is not available.", { cause });
}

/** SQLite's extended result codes. */
const faults: Readonly<Record<number, DatabaseFault>> = { 2067: "unique", 1555: "unique", 787: "foreign_key" };

function databaseError({ message, stack, sqliteCode }: WorkerError): Error {
  if (sqliteCode === undefined) return Object.assign(new Error(message), { stack });
  return new DatabaseError(faults[sqliteCode] ?? "other", message);
}
