import type { Credentials, LoginBody, Me, RegisterBody } from "@miscord/protocol";
import { backoffMs } from "../connection/backoff.ts";
import type { Platform } from "../platform.ts";
import { withRefreshLock, type AccessToken } from "../rest/access-token.ts";
import { ApiError } from "../rest/api-error.ts";
import type { Rest } from "../rest/rest.ts";
import { emptyAccount, initialState } from "../state/initial-state.ts";
import type { ClientState } from "../state/types.ts";
import type { LogoutMark } from "./logout-mark.ts";

interface Options {
  platform: Platform;
  rest: Rest;
  token: AccessToken;
  logoutMark: LogoutMark | null;
  state: () => ClientState;
  update: (change: (state: ClientState) => ClientState) => void;
  lifecycle: {
    /** A user is logged in; the state already shows it. */
    begin(me: Me): void;
    /** The user is logged out. `isRevoked`: by the server, not by `logout`. */
    end(isRevoked: boolean): void;
  };
}

/** Login, logout and the start: which user this client acts for. */
export class Session {
  readonly #options: Options;
  #isClosed = false;
  #wake: (() => void) | null = null;
  /** A logout in flight. A login waits for it: the logout could otherwise end the new session. */
  #pendingLogout: Promise<void> = Promise.resolve();

  constructor(options: Options) {
    this.#options = options;
    options.token.events.on("renewed", (credentials) => this.#renewed(credentials));
    options.token.events.on("lost", () => this.#lost());
  }

  async start(): Promise<void> {
    for (let attempt = 0; !this.#isClosed; attempt += 1) {
      try {
        return await this.#begin();
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        await this.#waitToRetry(attempt);
      }
    }
  }

  /** Makes a pending retry of `start` now. */
  wake(): void {
    this.#wake?.();
  }

  close(): void {
    this.#isClosed = true;
    this.wake();
  }

  async register(body: RegisterBody): Promise<Me | null> {
    const answer = await this.enterBy(() => this.#options.rest.register(body));
    return "user" in answer ? answer.user : null;
  }

  async enterBy<Answer extends object>(ask: () => Promise<Answer>): Promise<Answer> {
    await this.#pendingLogout;
    const answer = await ask();
    if ("access_token" in answer) this.#enter(answer as unknown as Credentials);
    return answer;
  }

  async login(body: LoginBody): Promise<Me> {
    await this.#pendingLogout;
    return this.#enter(await this.#options.rest.login(body));
  }

  async logout(): Promise<void> {
    this.#options.logoutMark?.set(true);
    this.#pendingLogout = this.#sendLogout().catch(() => {});
    this.#end(false);
    await this.#pendingLogout;
  }

  /** Tabs share the cookie: if another user logged in in another tab, this one starts over as that user. */
  #renewed(credentials: Credentials): void {
    const { me } = this.#options.state().session;
    if (me !== null && me.id !== credentials.user.id) this.#enter(credentials);
    else this.#show(credentials.user);
  }

  #lost(): void {
    if (this.#options.state().session.status === "authenticated") this.#end(true);
    else this.#options.update(anonymous);
  }

  async #begin(): Promise<void> {
    const instance = await this.#options.rest.instance();
    this.#options.update((state) => ({ ...state, instance }));
    if (this.#options.logoutMark?.isSet()) await this.#sendLogout();
    try {
      const { user } = await this.#options.token.renew();
      this.#options.lifecycle.begin(user);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
    }
  }

  /** Serialised with renewals: a renewal that finishes after the logout would leave a session that nobody ends. */
  async #sendLogout(): Promise<void> {
    const { platform, rest, logoutMark } = this.#options;
    try {
      await withRefreshLock(platform, rest.logout);
    } catch (error) {
      // 401: the session has already ended.
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
    }
    logoutMark?.set(false);
  }

  #enter(credentials: Credentials): Me {
    if (this.#options.state().session.me !== null) this.#end(false);
    this.#options.token.set(credentials);
    // The login replaced the cookie whose logout was pending.
    this.#options.logoutMark?.set(false);
    this.#show(credentials.user);
    this.#options.lifecycle.begin(credentials.user);
    return credentials.user;
  }

  #show(me: Me): void {
    this.#options.update((state) => ({ ...state, session: { status: "authenticated", me } }));
  }

  #end(isRevoked: boolean): void {
    this.#options.token.clear();
    this.#options.lifecycle.end(isRevoked);
    this.#options.update((state) => ({ ...anonymous(state), ...emptyAccount() }));
  }

  #waitToRetry(attempt: number): Promise<void> {
    const { clock, random } = this.#options.platform;
    const delayMs = backoffMs(attempt, random);
    this.#options.update((state) => ({
      ...state,
      connection: { ...state.connection, status: "waiting", attempt: attempt + 1, retryAt: clock.now() + delayMs },
    }));
    return new Promise((resolve) => {
      const timer = clock.setTimeout(resolve, delayMs);
      this.#wake = () => {
        timer.cancel();
        resolve();
      };
    });
  }
}

function anonymous(state: ClientState): ClientState {
  const { connection } = initialState(state.connection.mode);
  return { ...state, connection, session: { status: "anonymous", me: null } };
}
