import type { Clock } from "../../clock.ts";
import type { BusTransport, TransportChannel, TransportListener } from "../transport.ts";
import { RedisLink, type RedisClient } from "../../redis/redis-link.ts";

/** Topics in one `SUBSCRIBE`. */
const subscribeAtOnce = 500;
/** How long a subscription waits for a lost connection. */
const subscribeWaitMs = 5_000;
/** Characters that may be on their way to Redis; further texts are lost. A server that hangs is found within 4 s. */
const maxInFlight = 32 * 1024 * 1024;
const closeWaitMs = 1_000;

export interface RedisTransportOptions {
  readonly url: string;
  /** First part of every channel's name; the same on all nodes of an instance, and different on other instances. */
  readonly prefix: string;
  readonly clock: Clock;
}

/**
 * Publishes on one connection and subscribes on another, since Redis may cut off a subscriber that reads too slowly. Plain
 * `PUBLISH` and `SUBSCRIBE`: sharded channels have no order across topics.
 */
export class RedisTransport implements BusTransport {
  readonly #options: RedisTransportOptions;
  readonly #publisher: RedisLink;
  readonly #subscriber: RedisLink;
  readonly #channels = new Set<TransportChannel>();
  /** Called when the connection works again, for subscriptions that wait for it. */
  readonly #waiting = new Set<() => void>();
  #listener: TransportListener | null = null;
  #inFlight = 0;
  #lostSends = 0;
  #isClosed = false;

  private constructor(options: RedisTransportOptions) {
    this.#options = options;
    const { url, clock } = options;
    this.#publisher = new RedisLink({ url, clock, onRestored: () => this.#reportLoss() });
    this.#subscriber = new RedisLink({
      url,
      clock,
      prepare: (client) => this.#resubscribe(client),
      onRestored: () => this.#restored(),
    });
  }

  /** Rejects with the client's error when Redis cannot be reached or refuses the user. */
  static async open(options: RedisTransportOptions): Promise<RedisTransport> {
    const transport = new RedisTransport(options);
    try {
      await Promise.all([transport.#publisher.open(), transport.#subscriber.open()]);
    } catch (error) {
      await transport.close();
      throw error;
    }
    return transport;
  }

  send(channel: TransportChannel, text: string): void {
    const { client } = this.#publisher;
    if (!client || this.#inFlight + text.length > maxInFlight) {
      this.#lostSends += 1;
      return;
    }
    this.#inFlight += text.length;
    client
      .publish(this.#options.prefix + channel, text)
      .catch(() => {
        this.#lostSends += 1;
      })
      .finally(() => {
        this.#inFlight -= text.length;
        // Too much was in flight, and the connection has held.
        if (this.#inFlight === 0) this.#reportLoss();
      });
  }

  async subscribe(channel: TransportChannel): Promise<void> {
    if (this.#isClosed) return;
    this.#channels.add(channel);
    const isLive = await this.#subscribeNow(channel);
    if (!isLive) await this.#restoredInTime(channel);
  }

  unsubscribe(channel: TransportChannel): void {
    this.#channels.delete(channel);
    // With the listener: otherwise the client takes a subscription that follows at once for one that it still has. A
    // connection that is lost takes its subscriptions with it.
    this.#subscriber.client?.unsubscribe(this.#options.prefix + channel, this.#onText).catch(() => {});
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
  }

  async ping(): Promise<number> {
    const [latencyMs] = await Promise.all([this.#publisher.ping(), this.#subscriber.ping()]);
    return latencyMs;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { clock } = this.#options;
    const deadline = clock.monotonic() + closeWaitMs;
    while (this.#inFlight > 0 && this.#publisher.client && clock.monotonic() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    this.#publisher.close();
    this.#subscriber.close();
  }

  readonly #onText = (text: string, name: string): void => {
    this.#listener?.onText(name.slice(this.#options.prefix.length) as TransportChannel, text);
  };

  /** Subscribes the new connection to every channel, and checks that the server counts as many. */
  async #resubscribe(client: RedisClient): Promise<void> {
    const live = new Set<TransportChannel>();
    do {
      await this.#subscribeMissing(client, live);
      const gone = [...live].filter((channel) => !this.#channels.has(channel));
      const names = gone.map((channel) => this.#options.prefix + channel);
      if (gone.length > 0) await client.unsubscribe(names, this.#onText);
      for (const channel of gone) live.delete(channel);
      const { sub } = await client.clientInfo();
      if (sub !== live.size) throw new Error(`Redis counts ${sub} subscriptions instead of ${live.size}.`);
      // Channels that were added or removed meanwhile are taken in another round.
    } while (live.size !== this.#channels.size || [...this.#channels].some((channel) => !live.has(channel)));
  }

  async #subscribeMissing(client: RedisClient, live: Set<TransportChannel>): Promise<void> {
    const missing = [...this.#channels].filter((channel) => !live.has(channel));
    for (let start = 0; start < missing.length; start += subscribeAtOnce) {
      const some = missing.slice(start, start + subscribeAtOnce);
      await client.subscribe(
        some.map((channel) => this.#options.prefix + channel),
        this.#onText,
      );
      for (const channel of some) live.add(channel);
    }
  }

  /** False without a connection, or when it is lost meanwhile. */
  async #subscribeNow(channel: TransportChannel): Promise<boolean> {
    const { client } = this.#subscriber;
    if (!client) return false;
    return client.subscribe(this.#options.prefix + channel, this.#onText).then(
      () => true,
      () => false,
    );
  }

  #restored(): void {
    for (const resolve of this.#waiting) resolve();
    this.#listener?.onInterrupted();
  }

  async #restoredInTime(channel: TransportChannel): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // Again, as the channel may have been added just after the others were subscribed to.
    const retry = () => void this.#subscribeNow(channel).then((isLive) => isLive && resolve());
    this.#waiting.add(retry);
    const tooLate = () => reject(new Error("Redis is not connected."));
    const timer = this.#options.clock.setTimeout(tooLate, subscribeWaitMs);
    try {
      await promise;
    } catch (error) {
      this.#channels.delete(channel);
      throw error;
    } finally {
      timer.cancel();
      this.#waiting.delete(retry);
    }
  }

  #reportLoss(): void {
    if (this.#lostSends === 0 || !this.#publisher.client) return;
    const lost = this.#lostSends;
    this.#lostSends = 0;
    this.#listener?.onSendsLost(lost);
  }
}
