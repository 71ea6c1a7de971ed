import { parentPort } from "node:worker_threads";

/** A worker's answer: a value, or the properties of an error that structured cloning would lose. */
export type WorkerReply<Value> = { value: Value } | { error: WorkerError };

export interface WorkerError {
  message: string;
  stack: string | undefined;
  /** SQLite's extended result code; absent when the error is not SQLite's. */
  sqliteCode?: number;
}

/** Asks a worker to end by itself, after the requests before. */
export const endOfRequests = "end";

/**
 * Answers the main thread's requests one after the other, in order. A thrown error rejects that request only. When asked
 * to end, closes the databases and lets the thread run out.
 */
export function serveRequests(handle: (request: never) => unknown, closeDatabases: () => void): void {
  const port = parentPort;
  if (!port) throw new Error("This file runs as a worker.");
  const answer = async (requests: readonly never[], before: Promise<void>) => {
    await before;
    for (const request of requests) port.postMessage(await reply(handle, request));
  };
  let last = Promise.resolve();
  const end = async (before: Promise<void>) => {
    await before;
    closeDatabases();
    port.close();
  };
  port.on("message", (requests: readonly never[] | typeof endOfRequests) => {
    last = requests === endOfRequests ? end(last) : answer(requests, last);
  });
}

async function reply(handle: (request: never) => unknown, request: never): Promise<WorkerReply<unknown>> {
  try {
    return { value: await handle(request) };
  } catch (error) {
    return { error: describe(error) };
  }
}

function describe(error: unknown): WorkerError {
  if (!(error instanceof Error)) return { message: String(error), stack: undefined };
  const described: WorkerError = { message: error.message, stack: error.stack };
  if ("errcode" in error && typeof error.errcode === "number") described.sqliteCode = error.errcode;
  return described;
}
