import type { AccessToken } from "./access-token.ts";
import { ApiError } from "./api-error.ts";
import type { Http, Method, RequestOptions } from "./http.ts";

/** HTTP requests with the access token of the user who is logged in when they are made. */
export class AuthorizedHttp {
  readonly #http: Http;
  readonly #token: AccessToken;

  constructor(http: Http, token: AccessToken) {
    this.#http = http;
    this.#token = token;
  }

  /** Rejects with `unauthorized` when there is no session, or when another one began before the answer. */
  request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
    const { generation } = this.#token;
    return this.#http.retry(method, options.signal, () => this.#send<T>(generation, method, path, options));
  }

  /** Sent with the access token if there is one, and without authentication otherwise. */
  requestEitherWay<T>(method: Method, path: string): Promise<T> {
    return this.#token.value === null ? this.#http.request<T>(method, path) : this.request<T>(method, path);
  }

  url(path: string): string {
    return this.#http.url(path);
  }

  /** An access token for a request that another API sends. Rejects with `unauthorized` when there is no session. */
  bearer(): Promise<string> {
    return this.#token.fresh();
  }

  /**
   * A 401 in spite of a token means that the token was revoked or has just expired: it is renewed once and the request
   * repeated. A request is never repeated with the token of another user who logged in meanwhile, and such a user is
   * never shown the response to a GET of the previous one.
   */
  async #send<T>(generation: number, method: Method, path: string, options: RequestOptions): Promise<T> {
    const token = this.#token;
    token.requireGeneration(generation);
    const bearer = await token.fresh();
    const answer = await this.#http.send<T>(method, path, options, bearer).catch(async (error: unknown) => {
      if (!(error instanceof ApiError) || error.code !== "unauthorized") throw error;
      token.requireGeneration(generation);
      // Another request may have renewed the token while this one was in flight.
      const renewed = token.value === bearer ? (await token.renew()).access_token : await token.fresh();
      return this.#http.send<T>(method, path, options, renewed);
    });
    if (method === "GET") token.requireGeneration(generation);
    return answer;
  }
}
