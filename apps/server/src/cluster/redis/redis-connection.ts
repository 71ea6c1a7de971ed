import { createClient } from "redis";

export interface RedisConnectionOptions {
  readonly url: string;
  /** Receives connection errors; the connections are made again by themselves. */
  readonly onError: (error: unknown) => void;
}

/** A command fails after this time, so that no command of a user waits longer for Redis. */
const timeoutMs = 1_000;
/** A Redis that answers no ping for this long counts as lost, and its connections are made anew. */
const silenceMs = 3_000;
const pingMs = 1_000;
const longestRetryMs = 500;

type Client = ReturnType<typeof createRedisClient>;

/** Two connections to Redis: one for commands, and one that receives the messages of a channel. */
export class RedisConnection {
  readonly #commands: Client;
  readonly #subscriber: Client;

  constructor({ url, onError }: RedisConnectionOptions) {
    this.#commands = createRedisClient(url, onError);
    this.#subscriber = createRedisClient(url, onError);
  }

  /** Connects and subscribes. `onResubscribed` is called after an interruption in which messages may have been lost. */
  async open(channel: string, onMessage: (text: string) => void, onResubscribed: () => void): Promise<void> {
    try {
      await Promise.all([this.#commands.connect(), this.#subscriber.connect()]);
      await inTime(this.#subscriber.subscribe(channel, onMessage));
    } catch (error) {
      this.destroy();
      throw error;
    }
    this.#subscriber.on("ready", onResubscribed);
  }

  /** Runs a Lua script. Rejects after about a second, whether or not Redis still runs it. */
  run(script: string, keys: string[], args: readonly (string | number)[]): Promise<unknown> {
    return inTime(this.#commands.eval(script, { keys, arguments: args.map(String) }));
  }

  /** Rejects unless both connections are up. */
  async ping(): Promise<void> {
    if (!this.#subscriber.isReady) throw new Error("Redis cannot be reached.");
    await inTime(this.#commands.ping());
  }

  destroy(): void {
    for (const client of [this.#commands, this.#subscriber]) if (client.isOpen) client.destroy();
  }
}

function createRedisClient(url: string, onError: (error: unknown) => void) {
  let wasReady = false;
  const client = createClient({
    url,
    disableOfflineQueue: true,
    pingInterval: pingMs,
    socket: {
      connectTimeout: silenceMs,
      socketTimeout: silenceMs,
      // The first connection reports its failure to whoever starts the node.
      reconnectStrategy: (retries, cause) => (wasReady ? retryMs(retries) : cause),
    },
  });
  client.on("ready", () => (wasReady = true));
  client.on("error", onError);
  return client;
}

/** Grows to half a second, with jitter, so that nodes do not return in step. */
function retryMs(retries: number): number {
  return Math.min(longestRetryMs, 50 * 2 ** Math.min(retries, 5)) * (0.5 + Math.random() / 2);
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
