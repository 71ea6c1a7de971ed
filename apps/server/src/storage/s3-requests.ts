import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { S3mini, S3ServiceError } from "s3mini";
import { AppError } from "../errors.ts";
import type { S3Location } from "./location.ts";

export interface S3Keys {
  readonly accessKey: string;
  readonly secretKey: string;
}

/** Longest wait in milliseconds for the head of an answer, and between two pieces of a body. */
export interface S3Timeouts {
  readonly answerMs: number;
}

const attempts = 3;
const firstPauseMs = 125;
/** An upload has this much more time for its bytes (256 KiB a second), up to half an hour. */
const bytesPerMs = 262.144;
const longestUploadMs = 30 * 60_000;

/** A client of one bucket whose requests do not wait for ever. */
export function createS3Client(location: S3Location, keys: S3Keys, { answerMs }: S3Timeouts): S3mini {
  return new S3mini({
    accessKeyId: keys.accessKey,
    secretAccessKey: keys.secretKey,
    endpoint: location.url,
    region: location.region,
    async fetch(input, init) {
      const bodyBytes = init?.body instanceof Blob ? init.body.size : 0;
      const cut = new AbortController();
      // Only until the head of the answer: a reader of the body may be slow, see `readBody`.
      const withinMs = answerMs + Math.min(bodyBytes / bytesPerMs, longestUploadMs);
      const timer = setTimeout(() => cut.abort(new Error("no answer in time")), withinMs);
      try {
        // A redirect leads to another region or to an attacker; neither gets a signed request.
        return await fetch(input, { ...init, signal: cut.signal, redirect: "manual" });
      } finally {
        clearTimeout(timer);
      }
    },
  });
}

/**
 * The body as it is asked for, so that a slow reader slows the transfer, and no more than `length` bytes of it. Fails when no piece
 * comes in time. Destroyed, also before anything was read, it ends the transfer.
 */
export function readBody(
  body: ReadableStream<Uint8Array>,
  { answerMs, length = Number.POSITIVE_INFINITY }: S3Timeouts & { length?: number },
): Readable {
  const reader = body.getReader();
  const stream = Readable.from(piecesOf(reader, { answerMs, length }), { objectMode: false });
  return stream.once("close", () => void reader.cancel().catch(() => {}));
}

async function* piecesOf(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  { answerMs, length }: S3Timeouts & { length: number },
): AsyncGenerator<Uint8Array, void, void> {
  for (let left = length; left > 0;) {
    const stalled = Promise.withResolvers<never>();
    const timer = setTimeout(() => stalled.reject(unavailable(new Error("the body stalled"))), answerMs);
    const { done, value } = await Promise.race([reader.read(), stalled.promise]).finally(() => clearTimeout(timer));
    if (done) return;
    yield value.subarray(0, left);
    left -= value.byteLength;
  }
}

/** Sends a request up to three times while the network fails or the store is overloaded. Rejects with the last error. */
export async function attempt<Value>(request: () => Promise<Value>): Promise<Value> {
  for (let count = 1; ; count += 1) {
    try {
      return await request();
    } catch (error) {
      if (count === attempts || !isPassing(error)) throw error;
      await sleep(firstPauseMs * 2 ** count);
    }
  }
}

function isPassing(error: unknown): boolean {
  const status = answerOf(error)?.status;
  return status === undefined || status >= 500 || status === 429;
}

export function isMissing(error: unknown): boolean {
  return answerOf(error)?.status === 404;
}

export function isForbidden(error: unknown): boolean {
  return answerOf(error)?.status === 403;
}

/** The error for the client. Its cause, for the log, names the status and code only: answers repeat the access key. */
export function unavailable(error: unknown): AppError {
  const cause = new Error(`The S3 storage failed: ${describeFailure(error)}`);
  return new AppError("unavailable", "The storage of files does not answer. Try again later.", { cause });
}

export function describeFailure(error: unknown): string {
  const answer = answerOf(error);
  if (answer) return `HTTP ${answer.status} ${answer.serviceCode ?? ""}`.trim();
  if (!(error instanceof Error)) return "unknown";
  const coded = [error, error.cause].find((part) => part instanceof Error && "code" in part);
  return coded && "code" in coded && typeof coded.code === "string" ? coded.code : error.message;
}

/** The client wraps some of the store's answers into another error. */
function answerOf(error: unknown): S3ServiceError | undefined {
  if (error instanceof S3ServiceError) return error;
  return error instanceof Error && error.cause instanceof S3ServiceError ? error.cause : undefined;
}
