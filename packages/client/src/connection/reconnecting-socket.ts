import { recoveryOf } from "@miscord/protocol";
import type { Platform, Timer } from "../platform.ts";
import { ApiError } from "../rest/api-error.ts";
import { backoffMs } from "./backoff.ts";
import type { ConnectionState } from "../state/types.ts";
import { SocketLink, type Keepalive, type SocketCommand } from "./socket-link.ts";
import type { CloseCause, TrafficObserver } from "./transport.ts";

/**
 * A connection must last this long to reset the backoff, so that a server that drops clients at once is not flooded.
 */
const stableAfterMs = 5_000;

interface ReconnectingSocketListener<Event> {
  onStatus(change: Partial<ConnectionState>): void;
  /** The server accepts commands from now on. */
  onOnline(greeting: Event): void;
  /** The connection is lost; pending answers will not arrive. */
  onOffline(cause: CloseCause): void;
  /** The events of one frame, in order. */
  onEvents(events: readonly Event[]): void;
}

export interface ReconnectingSocketOptions<Event extends { type: string }> extends Keepalive<Event> {
  platform: Platform;
  url: () => string;
  tokens: {
    fresh(): Promise<string>;
    renew(): Promise<unknown>;
  };
  observer: TrafficObserver;
  listener: ReconnectingSocketListener<Event>;
}

/**
 * A WebSocket that reconnects for ever after a lost connection. It stops when the close code says that reconnecting
 * cannot help, or when there is no session.
 */
export class ReconnectingSocket<Command extends { type: string }, Event extends { type: string }> {
  readonly #options: ReconnectingSocketOptions<Event>;
  #isWanted = false;
  #link: SocketLink<Command, Event> | null = null;
  #isOnline = false;
  #onlineSince = 0;
  #attempt = 0;
  #timer: Timer | null = null;
  /** Changes with every attempt; a token that was requested for an earlier attempt is ignored. */
  #generation = 0;
  /** When to reconnect after `server_draining`, in milliseconds since the epoch, instead of the backoff. */
  #drainedUntil: number | null = null;

  constructor(options: ReconnectingSocketOptions<Event>) {
    this.#options = options;
  }

  get isOnline(): boolean {
    return this.#isOnline;
  }

  get backlog(): number {
    return this.#link?.backlog ?? 0;
  }

  start(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    this.#attempt = 0;
    void this.#connect();
  }

  stop(): void {
    this.#isWanted = false;
    this.#attempt = 0;
    this.#drop({ code: 1000, reason: "stopped" });
    this.#options.listener.onStatus({ status: "stopped", retryAt: null });
  }

  reconnect(force: boolean): void {
    if (!this.#isWanted) return this.start();
    if (this.#link && !force) return this.#link.probe();
    if (this.#timer === null && !force) return;
    this.#attempt = 0;
    this.#drop({ code: 1000, reason: "reconnect asked for" });
    void this.#connect();
  }

  measure(): void {
    this.#link?.measure();
  }

  send(command: Command | SocketCommand): boolean {
    return this.#isOnline && this.#link !== null && this.#link.send(command);
  }

  authenticate(token: string): void {
    this.send({ type: "auth_refresh", token });
  }

  async #connect(): Promise<void> {
    this.#generation += 1;
    const generation = this.#generation;
    this.#timer?.cancel();
    this.#timer = null;
    this.#options.listener.onStatus({ status: "connecting", attempt: this.#attempt, retryAt: null });
    try {
      const token = await this.#options.tokens.fresh();
      if (generation === this.#generation && this.#isWanted) this.#open(token);
    } catch (error) {
      if (generation === this.#generation && this.#isWanted) this.#tokenFailed(error);
    }
  }

  #open(token: string): void {
    this.#link = new SocketLink({
      ...this.#options,
      url: this.#options.url(),
      token,
      onGreeting: (greeting) => this.#establish(greeting),
      onEvents: (events) => this.#options.listener.onEvents(events),
      onTokenExpiring: () => void this.#options.tokens.renew().catch(() => {}),
      onDraining: (afterMs) => {
        this.#drainedUntil = this.#options.platform.clock.now() + afterMs;
      },
      onClosed: (cause) => this.#recover(cause),
    });
  }

  #establish(greeting: Event): void {
    this.#drainedUntil = null;
    this.#isOnline = true;
    this.#onlineSince = this.#options.platform.clock.now();
    this.#options.listener.onStatus({ status: "online", attempt: 0, retryAt: null });
    this.#options.listener.onOnline(greeting);
  }

  #recover(cause: CloseCause): void {
    if (this.#isOnline && this.#options.platform.clock.now() - this.#onlineSince >= stableAfterMs) this.#attempt = 0;
    this.#drop(cause);
    const { recovery, delayMs } = recoveryOf(cause.code);
    this.#options.listener.onStatus({ lastClose: cause });
    if (recovery === "stop") return this.stop();
    if (recovery === "authenticate") return void this.#renewAndConnect();
    this.#wait(delayMs);
  }

  /** Reconnects at once with a renewed token, or after the backoff if the server refused a renewed token before. */
  async #renewAndConnect(): Promise<void> {
    const generation = this.#generation;
    this.#options.listener.onStatus({ status: "connecting" });
    try {
      await this.#options.tokens.renew();
      if (generation !== this.#generation || !this.#isWanted) return;
      if (this.#attempt > 0) return this.#wait();
      this.#attempt += 1;
      await this.#connect();
    } catch (error) {
      if (generation === this.#generation && this.#isWanted) this.#tokenFailed(error);
    }
  }

  #tokenFailed(error: unknown): void {
    if (error instanceof ApiError && error.code === "unauthorized") this.stop();
    else this.#wait();
  }

  #wait(leastMs = 0): void {
    const { clock, random } = this.#options.platform;
    const drainMs = this.#drainedUntil === null ? null : Math.max(0, this.#drainedUntil - clock.now());
    const delayMs = Math.max(leastMs, drainMs ?? backoffMs(this.#attempt, random));
    this.#drainedUntil = null;
    // A move that the server asked for is no failed attempt: whoever was moved several times in seconds, while nodes
    // restart or balance their load, would otherwise wait many seconds when a node then really fails.
    if (drainMs === null) this.#attempt += 1;
    this.#timer = clock.setTimeout(() => void this.#connect(), delayMs);
    this.#options.listener.onStatus({ status: "waiting", attempt: this.#attempt, retryAt: clock.now() + delayMs });
  }

  /** Ends the present link and timer, and calls `onOffline` if the connection was established. */
  #drop(cause: CloseCause): void {
    this.#generation += 1;
    this.#timer?.cancel();
    this.#timer = null;
    this.#link?.dispose();
    this.#link = null;
    if (!this.#isOnline) return;
    this.#isOnline = false;
    this.#options.listener.onOffline(cause);
  }
}
