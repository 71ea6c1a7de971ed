import type { Credentials, LoginBody, Me, RegisterBody } from "@miscord/protocol";
import { backoffMs } from "../connection/backoff.ts";
import type { Platform } from "../platform.ts";
import { inTurn, type AccessToken } from "../rest/access-token.ts";
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
  /** There is somebody now; the state says who. */
  onBegin: (me: Me) => void;
  /** There is nobody any more. `revoked`: not by this client's wish. */
  onEnd: (revoked: boolean) => void;
}

/** Who uses this client. */
export class Session {
  readonly #options: Options;
  #isClosed = false;
  #wake: (() => void) | null = null;
  /** A logout that is under way. A login waits for it: otherwise it could end the session that comes of it. */
  #leaving: Promise<void> = Promise.resolve();

  constructor(options: Options) {
    this.#options = options;
  }

  async start(): Promise<void> {
    for (let attempt = 0; !this.#isClosed; attempt += 1) {
      try {
        return await this.#begin();
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        await this.#sleep(attempt);
      }
    }
  }

  /** An attempt to reach the server that waits is made now. */
  wake(): void {
    this.#wake?.();
  }

  close(): void {
    this.#isClosed = true;
    this.wake();
  }

  async register(body: RegisterBody): Promise<Me> {
    await this.#leaving;
    return this.#enter(await this.#options.rest.register(body));
  }

  async login(body: LoginBody): Promise<Me> {
    await this.#leaving;
    return this.#enter(await this.#options.rest.login(body));
  }

  async logout(): Promise<void> {
    this.#options.logoutMark?.set(true);
    this.#leaving = this.#tellOfLogout().catch(() => {});
    this.#end(false);
    await this.#leaving;
  }

  async reloadMe(): Promise<void> {
    const me = await this.#options.rest.me();
    this.#options.update((state) =>
      state.session.me?.id === me.id ? { ...state, session: { ...state.session, me } } : state,
    );
  }

  /** The cookie is the browser's: somebody else may have logged in with it in another tab, and this one begins anew as them. */
  renewed(credentials: Credentials): void {
    const { me } = this.#options.state().session;
    if (me !== null && me.id !== credentials.user.id) this.#enter(credentials);
    else this.#show(credentials.user);
  }

  /** The server no longer knows this session. */
  lost(): void {
    if (this.#options.state().session.status === "authenticated") this.#end(true);
    else this.#options.update(anonymous);
  }

  async #begin(): Promise<void> {
    const instance = await this.#options.rest.instance();
    this.#options.update((state) => ({ ...state, instance }));
    if (this.#options.logoutMark?.isSet()) await this.#tellOfLogout();
    try {
      const { user } = await this.#options.token.renew();
      this.#options.onBegin(user);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
    }
  }

  /** In turn with renewals: one that overtook it would leave a session whose cookie the server does not take back. */
  async #tellOfLogout(): Promise<void> {
    const { platform, rest, logoutMark } = this.#options;
    try {
      await inTurn(platform, rest.logout);
    } catch (error) {
      // There is nothing left to end.
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
    }
    logoutMark?.set(false);
  }

  #enter(credentials: Credentials): Me {
    if (this.#options.state().session.me !== null) this.#end(false);
    this.#options.token.set(credentials);
    // The cookie that it was about has given way to this person's.
    this.#options.logoutMark?.set(false);
    this.#show(credentials.user);
    this.#options.onBegin(credentials.user);
    return credentials.user;
  }

  #show(me: Me): void {
    this.#options.update((state) => ({ ...state, session: { status: "authenticated", me } }));
  }

  #end(revoked: boolean): void {
    this.#options.token.clear();
    this.#options.onEnd(revoked);
    this.#options.update((state) => ({ ...anonymous(state), ...emptyAccount() }));
  }

  #sleep(attempt: number): Promise<void> {
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
  const { connection } = initialState();
  const { mode } = state.connection;
  return { ...state, connection: { ...connection, mode }, session: { status: "anonymous", me: null } };
}
