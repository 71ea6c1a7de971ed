import { retries, type ErrorCode, type HttpError } from "@miscord/protocol";
import type { Platform } from "../platform.ts";
import { ApiError, toApiError } from "./api-error.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface RequestOptions {
  query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON, except `FormData`, which is sent as multipart, and a `Blob`, which is sent as it is. */
  body?: unknown;
  signal?: AbortSignal;
  /** Lets the request finish after the page is closed (`keepalive` of fetch). */
  keepalive?: boolean;
}

const timeoutMs = 20_000;
/** Uploads of large files over slow lines take long; the caller can abort them. */
const uploadTimeoutMs = 3_600_000;
const retryDelaysMs = [300, 1_500];
/** Methods that are safe to repeat. POST and PATCH are never repeated automatically. */
const idempotent: ReadonlySet<Method> = new Set(["GET", "PUT", "DELETE"]);

/** HTTP requests without authentication, with time limits and retries. Everything rejects with `ApiError`. */
export class Http {
  readonly #platform: Platform;
  readonly #baseUrl: string;

  constructor(platform: Platform, baseUrl: string) {
    this.#platform = platform;
    this.#baseUrl = baseUrl;
  }

  url(path: string, query: RequestOptions["query"] = {}): string {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
    return this.#baseUrl + path + (search && `?${search}`);
  }

  request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
    return this.retry(method, options.signal, () => this.send<T>(method, path, options, null));
  }

  /** Repeats an idempotent request up to twice while its error may pass. Rejects with the reason of an aborted `signal`. */
  async retry<T>(method: Method, signal: AbortSignal | undefined, send: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await send();
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        const delayMs = idempotent.has(method) ? retryDelaysMs[attempt] : undefined;
        if (delayMs === undefined || !isRetryable(error)) throw toApiError(error);
        await this.#sleep(
          error instanceof ApiError && error.retryAfterMs !== null ? Math.min(error.retryAfterMs, 5_000) : delayMs,
        );
      }
    }
  }

  /** One attempt. `bearer`: the access token, or null to send none. */
  async send<T>(method: Method, path: string, options: RequestOptions, bearer: string | null): Promise<T> {
    const { body, headers, limitMs } = encode(options.body);
    const deadline = new AbortController();
    const timer = this.#platform.clock.setTimeout(
      () => deadline.abort(new Error("the server did not answer in time")),
      limitMs,
    );
    if (bearer !== null) headers["authorization"] = `Bearer ${bearer}`;
    try {
      const response = await this.#platform.fetch(this.url(path, options.query), {
        method,
        headers,
        credentials: "include",
        keepalive: options.keepalive ?? false,
        body,
        signal: options.signal ? AbortSignal.any([options.signal, deadline.signal]) : deadline.signal,
      });
      if (!response.ok) throw await readError(response);
      return (response.status === 204 ? undefined : await response.json()) as T;
    } finally {
      timer.cancel();
    }
  }

  #sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.#platform.clock.setTimeout(resolve, delayMs));
  }
}

function encode(body: unknown): { body: BodyInit | null; headers: Record<string, string>; limitMs: number } {
  if (body === undefined) return { body: null, headers: {}, limitMs: timeoutMs };
  // fetch sets the content type of these itself: a form's has its multipart boundary.
  if (body instanceof FormData || body instanceof Blob) return { body, headers: {}, limitMs: uploadTimeoutMs };
  return { body: JSON.stringify(body), headers: { "content-type": "application/json" }, limitMs: timeoutMs };
}

function isRetryable(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status === 0 || retries[error.code] === "later";
}

async function readError(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => null)) as HttpError | null;
  return errorOf(response.status, body, response.headers.get("retry-after"));
}

/** The error of a response that is not 2xx. `retryAfter`: the header's value in seconds, or null. */
export function errorOf(status: number, body: HttpError | null, retryAfter: string | null): ApiError {
  const seconds = retryAfter === null ? Number.NaN : Number(retryAfter);
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1_000 : null;
  const error = body?.error;
  if (error && error.code in retries)
    return new ApiError(error.code, error.message, { status, retryAfterMs, details: error.details });
  return new ApiError(codeOfStatus(status), `HTTP ${status}`, { status, retryAfterMs });
}

/** For responses without Miscord's error body, which a proxy sent instead of the server. */
function codeOfStatus(status: number): ErrorCode {
  const plain: Readonly<Record<number, ErrorCode>> = {
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    413: "too_large",
    429: "rate_limited",
  };
  return plain[status] ?? (status >= 500 ? "unavailable" : "invalid_request");
}
