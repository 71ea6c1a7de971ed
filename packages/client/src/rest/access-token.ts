import type { Credentials } from "@miscord/protocol";
import type { Platform, Timer } from "../platform.ts";
import { ApiError, toApiError } from "./api-error.ts";

const refreshAheadMs = 60_000;
const retryRefreshMs = 15_000;
const lockName = "miscord-refresh";

interface Options {
  platform: Platform;
  /** `POST /api/auth/refresh`, without a bearer. */
  refresh: () => Promise<Credentials>;
  onRenewed: (credentials: Credentials) => void;
  /** The server no longer knows this session. */
  onLost: () => void;
}

/**
 * The access token, in memory only: what a script could read from storage, an injected script could steal.
 * Renewed a minute before it expires; one renewal at a time within a tab and, through the locks, over tabs.
 */
export class AccessToken {
  readonly #options: Options;
  #token: string | null = null;
  #expiresAt = 0;
  #renewal: Promise<Credentials> | null = null;
  #timer: Timer | null = null;

  constructor(options: Options) {
    this.#options = options;
  }

  get value(): string | null {
    return this.#token;
  }

  set(credentials: Credentials): void {
    const { clock } = this.#options.platform;
    this.#token = credentials.access_token;
    this.#expiresAt = clock.now() + credentials.expires_in * 1_000;
    this.#schedule(credentials.expires_in * 1_000 - refreshAheadMs);
  }

  clear(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#token = null;
  }

  /** A token that is good for a while yet. Rejects with `unauthorized` when there is no session. */
  async fresh(): Promise<string> {
    if (this.#token !== null && this.#expiresAt > this.#options.platform.clock.now() + 5_000) return this.#token;
    return (await this.renew()).access_token;
  }

  /** Single flight. A refusal ends the session; a missing answer leaves it as it is. */
  renew(): Promise<Credentials> {
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  async #renew(): Promise<Credentials> {
    const { platform, refresh, onRenewed, onLost } = this.#options;
    try {
      const credentials = await (platform.locks ? platform.locks.request(lockName, refresh) : refresh());
      this.set(credentials);
      onRenewed(credentials);
      return credentials;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        this.clear();
        onLost();
      }
      throw toApiError(error);
    }
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
