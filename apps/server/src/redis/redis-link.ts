import { createClient } from "redis";
import type { Clock, Timer } from "../clock.ts";

/** Only one reply mapping and no modules: the type of `createClient` is too wide to be named. */
export type RedisClient = ReturnType<typeof connectable>;

const pingEveryMs = 750;
/** A server that answers a ping later hangs; with `pingEveryMs` it is found within 4 s. */
const silentMs = 2_500;
/** Connecting, authenticating and resubscribing together. */
const setupMs = 5_000;
const backoff = { firstMs: 50, longestMs: 1_000 };

export interface RedisLinkOptions {
  readonly url: string;
  readonly clock: Clock;
  /** Prepares each new connection before it is used. A rejection ends the connection. */
  readonly prepare?: (client: RedisClient) => Promise<void>;
  /** Called when a lost connection works again. */
  readonly onRestored?: () => void;
  /** Receives the reason whenever the connection is lost or cannot be made. */
  readonly onError?: (error: unknown) => void;
}

/**
 * One connection to Redis, made again when it is lost or the server hangs. The client's own reconnection is off: it does
 * not tell a hanging server from an idle connection, and repeats subscriptions without a check.
 */
export class RedisLink {
  readonly #options: RedisLinkOptions;
  #client: RedisClient | null = null;
  #isClosed = false;
  #attempts = 0;
  /** When the check's ping was sent that has no answer yet. */
  #unansweredSince: number | null = null;
  #pings: Timer | null = null;
  #retry: Timer | null = null;

  constructor(options: RedisLinkOptions) {
    this.#options = options;
  }

  /** The connection; null while there is none that works. */
  get client(): RedisClient | null {
    return this.#client;
  }

  /** Makes the first connection. Rejects when that fails, without another attempt. */
  async open(): Promise<void> {
    this.#use(await this.#connect());
  }

  /** Milliseconds that the server takes to answer. Rejects without a connection, or when that is lost meanwhile. */
  async ping(): Promise<number> {
    const { clock } = this.#options;
    const client = this.#client;
    if (!client) throw new Error("Redis is not connected.");
    const startedAt = clock.monotonic();
    await client.ping();
    return clock.monotonic() - startedAt;
  }

  close(): void {
    this.#isClosed = true;
    this.#pings?.cancel();
    this.#retry?.cancel();
    this.#client?.destroy();
    this.#client = null;
  }

  async #connect(): Promise<RedisClient> {
    const client = connectable(this.#options.url);
    // Without a listener an `error` event would end the process.
    client.on("error", (error) => this.#lost(client, error));
    const timeout = Promise.withResolvers<never>();
    const timer = this.#options.clock.setTimeout(() => timeout.reject(new Error("Redis does not answer.")), setupMs);
    try {
      await Promise.race([this.#setUp(client), timeout.promise]);
      return client;
    } catch (error) {
      client.destroy();
      throw error;
    } finally {
      timer.cancel();
    }
  }

  async #setUp(client: RedisClient): Promise<void> {
    await client.connect();
    await this.#options.prepare?.(client);
  }

  #use(client: RedisClient): void {
    const { clock } = this.#options;
    if (this.#isClosed) return client.destroy();
    // Lost between its last answer and now.
    if (!client.isReady) return this.#connectLater();
    this.#client = client;
    this.#attempts = 0;
    this.#unansweredSince = null;
    this.#pings = clock.setInterval(() => this.#check(client), pingEveryMs);
  }

  /** Counts from a ping, not from the last answer: a process that stood still has sent none meanwhile. */
  #check(client: RedisClient): void {
    if (this.#unansweredSince === null) return void this.#sendPing(client);
    if (!this.#isSilent) return;
    // A process that stood still runs its timers before it reads the answers that have arrived meanwhile.
    setImmediate(() => {
      if (this.#isSilent) this.#lost(client, new Error("Redis does not answer."));
    });
  }

  async #sendPing(client: RedisClient): Promise<void> {
    this.#unansweredSince = this.#options.clock.monotonic();
    try {
      await client.ping();
      if (this.#client === client) this.#unansweredSince = null;
    } catch (error) {
      this.#lost(client, error);
    }
  }

  get #isSilent(): boolean {
    return this.#unansweredSince !== null && this.#options.clock.monotonic() - this.#unansweredSince > silentMs;
  }

  #lost(client: RedisClient, error: unknown): void {
    if (this.#client !== client) return;
    this.#client = null;
    this.#options.onError?.(error);
    this.#pings?.cancel();
    client.destroy();
    this.#connectLater();
  }

  /** With a random delay, so that the nodes do not all come back at once. */
  #connectLater(): void {
    if (this.#isClosed) return;
    const delayMs = Math.min(backoff.longestMs, backoff.firstMs * 2 ** this.#attempts) * (0.5 + Math.random() / 2);
    this.#attempts += 1;
    this.#retry = this.#options.clock.setTimeout(() => void this.#reconnect(), delayMs);
  }

  async #reconnect(): Promise<void> {
    try {
      this.#use(await this.#connect());
    } catch (error) {
      this.#options.onError?.(error);
      return this.#connectLater();
    }
    if (this.#client) this.#options.onRestored?.();
  }
}

function connectable(url: string) {
  return createClient({
    url,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: "disabled",
    socket: { connectTimeout: setupMs, reconnectStrategy: false },
  });
}
