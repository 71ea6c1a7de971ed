import { Worker } from "node:worker_threads";
import { AppError } from "../../errors.ts";
import { DatabaseError, type DatabaseFault } from "../sql-dialect.ts";
import type { WorkerError, WorkerReply } from "./worker-reply.ts";

interface Waiting {
  resolve(value: never): void;
  reject(error: Error): void;
}

interface Call<Request> extends Waiting {
  request: Request;
}

/**
 * The main thread's end of a worker that answers in order. What a turn of the event loop asks crosses together: to wake
 * a thread costs as much as a small query, and a crowd that arrives asks many. A worker that dies fails what waits and everything
 * after it; nothing is left hanging.
 */
export class WorkerLink<Request, Value> {
  readonly #worker: Worker;
  #asked: Call<Request>[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #onDeath: (error: Error) => void;
  #dead: Error | null = null;
  #closing = false;
  #onIdle: () => void = () => {};

  constructor(script: URL, workerData: unknown, onDeath: (error: Error) => void) {
    this.#onDeath = onDeath;
    this.#worker = new Worker(script, { workerData, name: script.pathname.split("/").at(-1) ?? "worker" });
    this.#worker.on("message", (reply: WorkerReply<Value>) => this.#settle(reply));
    this.#worker.on("error", (error) => this.#die(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on("exit", (code) => this.#die(new Error(`A database worker ended with code ${code}.`)));
  }

  call(request: Request): Promise<Value> {
    if (this.#dead || this.#closing) return Promise.reject(unavailable(this.#dead));
    return new Promise<Value>((resolve, reject) => {
      this.#asked.push({ request, resolve, reject });
      if (this.#asked.length === 1) setImmediate(() => this.#post());
    });
  }

  /** Waits for the answers to what was asked before. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#post();
    if (this.#waiting.length > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    await this.#worker.terminate();
  }

  #post(): void {
    const calls = this.#asked;
    this.#asked = [];
    if (calls.length === 0) return;
    try {
      this.#cross(calls);
    } catch {
      // One of them cannot cross; that must not be the others' misfortune.
      for (const call of calls) this.#postAlone(call);
    }
  }

  #postAlone(call: Call<Request>): void {
    try {
      this.#cross([call]);
    } catch (error) {
      call.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Throws when a request cannot be copied, and then no answer must be expected. */
  #cross(calls: Call<Request>[]): void {
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
    for (const waiting of [...this.#waiting.splice(0), ...this.#asked.splice(0)]) waiting.reject(unavailable(error));
    this.#onIdle();
    if (!this.#closing) this.#onDeath(error);
  }
}

function unavailable(cause: Error | null): AppError {
  return new AppError("unavailable", "The database is not available.", { cause });
}

const faults: Readonly<Record<number, DatabaseFault>> = { 2067: "unique", 1555: "unique", 787: "foreign_key" };

function databaseError({ message, stack, sqliteCode }: WorkerError): Error {
  if (sqliteCode === undefined) return Object.assign(new Error(message), { stack });
  return new DatabaseError(faults[sqliteCode] ?? "other", message);
}
