import type { Clock } from "../../clock.ts";
import { RedisLink } from "../../redis/redis-link.ts";

/** A script fails after this time, so that no command of a user waits longer for Redis. */
const timeoutMs = 1_000;

export interface RedisScriptsOptions {
  readonly url: string;
  readonly clock: Clock;
  /** Receives errors of the connections, which are made again. */
  readonly onError: (error: unknown) => void;
}

interface Subscription {
  channel: string;
  onMessage: (text: string) => void;
  /** Called after an interruption in which messages may have been lost. */
  onResubscribed: () => void;
}

/** Two connections to Redis: one runs scripts, and one receives what they publish on a channel. */
export class RedisScripts {
  readonly #runner: RedisLink;
  readonly #subscriber: RedisLink;
  #subscription: Subscription | null = null;

  constructor({ url, clock, onError }: RedisScriptsOptions) {
    this.#runner = new RedisLink({ url, clock, onError });
    this.#subscriber = new RedisLink({
      url,
      clock,
      onError,
      prepare: async (client) => {
        const { channel, onMessage } = this.#subscription!;
        await client.subscribe(channel, onMessage);
      },
      onRestored: () => this.#subscription?.onResubscribed(),
    });
  }

  /** Connects and subscribes; rejects when either fails. */
  async open(subscription: Subscription): Promise<void> {
    this.#subscription = subscription;
    try {
      await Promise.all([this.#runner.open(), this.#subscriber.open()]);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Rejects after about a second, whether or not Redis still runs the script. */
  async run(script: string, keys: string[], args: readonly (string | number)[]): Promise<unknown> {
    const { client } = this.#runner;
    if (!client) throw new Error("Redis is not connected.");
    return inTime(client.eval(script, { keys, arguments: args.map(String) }));
  }

  /** Rejects unless both connections are up. */
  async ping(): Promise<void> {
    await inTime(Promise.all([this.#runner.ping(), this.#subscriber.ping()]));
  }

  close(): void {
    this.#runner.close();
    this.#subscriber.close();
  }
}

async function inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("Redis did not answer in time.")), timeoutMs);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
