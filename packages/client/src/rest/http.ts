import { errorTable, type ErrorCode, type HttpError } from "@miscord/protocol";
import type { Platform } from "../platform.ts";
import type { AccessToken } from "./access-token.ts";
import { ApiError, toApiError } from "./api-error.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface RequestOptions {
  query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON; a form as it is. */
  body?: unknown;
  signal?: AbortSignal;
  /** Without a bearer, and a 401 is the answer: login, refresh and what anyone may read. */
  anonymous?: boolean;
  /** Goes on when the page goes away. */
  keepalive?: boolean;
}

const timeoutMs = 20_000;
/** A large file on a slow line takes what it takes; the caller can cancel. */
const uploadTimeoutMs = 3_600_000;
const retryDelaysMs = [300, 1_500];
/** Repeating them changes nothing; a POST or PATCH is never repeated on its own. */
const idempotent: ReadonlySet<Method> = new Set(["GET", "PUT", "DELETE"]);

export class Http {
  readonly #platform: Platform;
  readonly #baseUrl: string;
  /** Set once by the client: the token needs this class to renew itself. */
  token: AccessToken | null = null;

  constructor(platform: Platform, baseUrl: string) {
    this.#platform = platform;
    this.#baseUrl = baseUrl;
  }

  url(path: string, query: RequestOptions["query"] = {}): string {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
    return this.#baseUrl + path + (search && `?${search}`);
  }

  async request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
    const session = this.token?.session ?? 0;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#authorized<T>(session, method, path, options);
      } catch (error) {
        if (options.signal?.aborted) throw options.signal.reason;
        const delayMs = idempotent.has(method) ? retryDelaysMs[attempt] : undefined;
        if (delayMs === undefined || !isWorthRepeating(error)) throw toApiError(error);
        await this.#sleep(
          error instanceof ApiError && error.retryAfterMs !== null ? Math.min(error.retryAfterMs, 5_000) : delayMs,
        );
      }
    }
  }

  /**
   * A 401 in spite of a token means that it was revoked or has just expired: one renewal, one more try. Never in the name
   * of somebody who came after the one who asked, and what the former wanted to see is not shown to them.
   */
  async #authorized<T>(session: number, method: Method, path: string, options: RequestOptions): Promise<T> {
    const { token } = this;
    if (options.anonymous || !token) return this.#once<T>(method, path, options, null);
    token.expect(session);
    const bearer = await token.fresh();
    const answer = await this.#once<T>(method, path, options, bearer).catch(async (error: unknown) => {
      if (!(error instanceof ApiError) || error.code !== "unauthorized") throw error;
      token.expect(session);
      // Another call may have renewed it while this one was under way.
      const renewed = token.value === bearer ? (await token.renew()).access_token : await token.fresh();
      return this.#once<T>(method, path, options, renewed);
    });
    if (method === "GET") token.expect(session);
    return answer;
  }

  async #once<T>(method: Method, path: string, options: RequestOptions, bearer: string | null): Promise<T> {
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
      if (!response.ok) throw await refusal(response);
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
  // The boundary of a form is fetch's to choose.
  if (body instanceof FormData) return { body, headers: {}, limitMs: uploadTimeoutMs };
  return { body: JSON.stringify(body), headers: { "content-type": "application/json" }, limitMs: timeoutMs };
}

function isWorthRepeating(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status === 0 || errorTable[error.code].retry === "later";
}

async function refusal(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => null)) as HttpError | null;
  return refusalOf(response.status, body, response.headers.get("retry-after"));
}

export function refusalOf(status: number, body: HttpError | null, retryAfter: string | null): ApiError {
  const seconds = retryAfter === null ? Number.NaN : Number(retryAfter);
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1_000 : null;
  const error = body?.error;
  if (error && error.code in errorTable)
    return new ApiError(error.code, error.message, { status, retryAfterMs, details: error.details });
  return new ApiError(codeOfStatus(status), `HTTP ${status}`, { status, retryAfterMs });
}

/** For answers that a proxy gave in the server's place. */
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
