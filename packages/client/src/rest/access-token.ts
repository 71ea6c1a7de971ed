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
  #session = 0;
  /** There was a session here. Whoever the cookie belongs to by now, what was asked for the former is not theirs. */
  #isEnded = false;

  constructor(options: Options) {
    this.#options = options;
  }

  get value(): string | null {
    return this.#token;
  }

  /** Counts the sessions that came and went. */
  get session(): number {
    return this.#session;
  }

  /** Rejects what was asked in another session than the present one. */
  expect(session: number): void {
    if (session !== this.#session) throw sessionEnded();
  }

  /** Another session than before. */
  set(credentials: Credentials): void {
    this.clear();
    this.#isEnded = false;
    this.#take(credentials);
  }

  /** A renewal under way is void. */
  clear(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#token = null;
    this.#renewal = null;
    this.#session += 1;
    this.#isEnded = true;
  }

  /** A token that is good for a while yet. Rejects with `unauthorized` when there is no session. */
  async fresh(): Promise<string> {
    if (this.#token !== null && this.#expiresAt > this.#options.platform.clock.now() + 5_000) return this.#token;
    if (this.#isEnded) throw sessionEnded();
    return (await this.renew()).access_token;
  }

  /** Single flight. A refusal ends the session; a missing answer leaves it as it is. */
  renew(): Promise<Credentials> {
    if (this.#renewal) return this.#renewal;
    const renewal = this.#renew(this.#session).finally(() => {
      if (this.#renewal === renewal) this.#renewal = null;
    });
    this.#renewal = renewal;
    return renewal;
  }

  async #renew(session: number): Promise<Credentials> {
    const { platform, refresh, onRenewed, onLost } = this.#options;
    try {
      const credentials = await inTurn(platform, async () => {
        this.expect(session);
        return refresh();
      });
      this.expect(session);
      this.#take(credentials);
      onRenewed(credentials);
      // They may be somebody else's: then who waits here has gone.
      this.expect(session);
      return credentials;
    } catch (error) {
      if (session === this.#session && error instanceof ApiError && error.status === 401) {
        this.clear();
        onLost();
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

/** What spends the refresh token or ends it happens one at a time over all tabs: two at once would look like a theft. */
export function inTurn<Answer>({ locks }: Platform, call: () => Promise<Answer>): Promise<Answer> {
  return locks ? locks.request(lockName, call) : call();
}

function sessionEnded(): ApiError {
  return new ApiError("unauthorized", "the session has ended", { status: 401 });
}
