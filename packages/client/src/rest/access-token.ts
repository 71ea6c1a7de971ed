import type { Credentials } from "@miscord/protocol";
import { EventEmitter } from "../event-emitter.ts";
import type { Platform, Timer } from "../platform.ts";
import { ApiError, toApiError } from "./api-error.ts";

const refreshAheadMs = 60_000;
const retryRefreshMs = 15_000;
const lockName = "miscord-refresh";

interface Options {
  platform: Platform;
  /** `POST /api/auth/refresh`. */
  refresh: () => Promise<Credentials>;
}

interface TokenEvents {
  /** The token was renewed; the credentials may be another user's who logged in with the same cookie. */
  renewed: Credentials;
  /** The server no longer knows the session. */
  lost: undefined;
}

/**
 * The access token, kept in memory only: an injected script could steal it from storage. Renewed a minute before it
 * expires, by one renewal at a time within a tab and, through the locks, across tabs.
 */
export class AccessToken {
  readonly events = new EventEmitter<TokenEvents>();
  readonly #options: Options;
  #token: string | null = null;
  /** Milliseconds since the epoch. */
  #expiresAt = 0;
  #renewal: Promise<Credentials> | null = null;
  #timer: Timer | null = null;
  #generation = 0;
  /** A session has ended here. The cookie may be another user's by now, so only a login or a renewal sets a token. */
  #isEnded = false;

  constructor(options: Options) {
    this.#options = options;
  }

  get value(): string | null {
    return this.#token;
  }

  /** Changes whenever a session begins or ends. A request compares it to see that the same user still asks. */
  get generation(): number {
    return this.#generation;
  }

  /** Throws `unauthorized` if a session began or ended since `generation` was read. */
  requireGeneration(generation: number): void {
    if (generation !== this.#generation) throw sessionEnded();
  }

  /** Begins another session. */
  set(credentials: Credentials): void {
    this.clear();
    this.#isEnded = false;
    this.#take(credentials);
  }

  /** Ends the session; the result of a renewal in flight is dropped. */
  clear(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#token = null;
    this.#renewal = null;
    this.#generation += 1;
    this.#isEnded = true;
  }

  /** A token valid for at least 5 s, renewed if needed. Rejects with `unauthorized` when there is no session. */
  async fresh(): Promise<string> {
    if (this.#token !== null && this.#expiresAt > this.#options.platform.clock.now() + 5_000) return this.#token;
    if (this.#isEnded) throw sessionEnded();
    return (await this.renew()).access_token;
  }

  /** Concurrent calls share one request. A 401 ends the session; any other failure leaves it as it is. */
  renew(): Promise<Credentials> {
    if (this.#renewal) return this.#renewal;
    const renewal = this.#renew(this.#generation).finally(() => {
      if (this.#renewal === renewal) this.#renewal = null;
    });
    this.#renewal = renewal;
    return renewal;
  }

  async #renew(generation: number): Promise<Credentials> {
    const { platform, refresh } = this.#options;
    try {
      const credentials = await withRefreshLock(platform, async () => {
        this.requireGeneration(generation);
        return refresh();
      });
      this.requireGeneration(generation);
      this.#take(credentials);
      this.events.emit("renewed", credentials);
      // A listener ends the session if the credentials are another user's.
      this.requireGeneration(generation);
      return credentials;
    } catch (error) {
      if (generation === this.#generation && error instanceof ApiError && error.status === 401) {
        this.clear();
        this.events.emit("lost", undefined);
      }
      throw toApiError(error);
    }
  }

  #take(credentials: Credentials): void {
    const { clock } = this.#options.platform;
    this.#token = credentials.access_token;
    this.#expiresAt = clock.now() + credentials.expires_in * 1_000;
    this.#schedule(credentials.expires_in * 1_000 - refreshAheadMs);
  }

  #schedule(delayMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#options.platform.clock.setTimeout(
      () => {
        this.renew().catch(() => {
          if (this.#token !== null) this.#schedule(retryRefreshMs);
        });
      },
      Math.max(delayMs, 1_000),
    );
  }
}

/**
 * Serialises requests that use or revoke the refresh token across the tabs of a browser: the server treats two uses of
 * the same token as a theft.
 */
export function withRefreshLock<Answer>({ locks }: Platform, call: () => Promise<Answer>): Promise<Answer> {
  return locks ? locks.request(lockName, call) : call();
}

function sessionEnded(): ApiError {
  return new ApiError("unauthorized", "the session has ended", { status: 401 });
}
