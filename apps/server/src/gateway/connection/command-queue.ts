import { errorTable, type SocketEvent } from "@miscord/protocol";
import type { Logger } from "pino";
import type { Clock } from "../../clock.ts";
import { TokenBucket, type Rate } from "../../concurrency/token-bucket.ts";
import type { SecurityLog } from "../../domain/ports.ts";
import { AppError } from "../../errors.ts";
import type { Connection } from "./connection.ts";
import { BadFrame, type Ref } from "./incoming.ts";

export type ErrorEvent = Extract<SocketEvent, { type: "error" }>;

export interface CommandQueueDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly security: SecurityLog;
  /** Pending commands of all connections of the endpoint. */
  readonly inFlight: InFlight;
}

/** How an endpoint handles the frames of one connection. */
export interface CommandQueueOptions<Command extends Echo> {
  /** @throws BadFrame when the frame is not a valid command */
  parse(data: Buffer, isBinary: boolean): Command;
  /** Throws, or rejects with, an AppError to refuse the command. `arrivedAt`: monotonic milliseconds. */
  handle(command: Command, arrivedAt: number): Promise<void> | void;
  sendError(error: ErrorEvent): void;
  /** Rate limits of what arrives; a connection that exceeds one is closed with 4029. */
  readonly incoming: IncomingRates;
}

interface IncomingRates {
  /** Frames of any kind: fragments and control frames count as well. */
  readonly frames: Rate;
  /** Bytes of messages, after inflation. */
  readonly bytes: Rate;
}

/** Fields of a command that its error event repeats. */
export interface Echo {
  ref?: Ref | undefined;
  nonce?: string | undefined;
}

/** Most commands of one connection that may be pending at once. */
const maxInFlight = 256;
/** A connection that causes more `rate_limited` errors or malformed frames than this is closed. */
const tolerated = {
  rateLimited: { burst: 100, perSecond: 2 },
  malformed: { burst: 20, perSecond: 0.5 },
};

/** Counts commands that were accepted and not yet answered, so that a planned stop can wait for them. */
export class InFlight {
  #count = 0;
  #waiting: (() => void)[] = [];

  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Resolves once no command is pending. */
  settled(): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

/** Parses the frames of one connection, runs their commands, and answers failed commands with error events. */
export class CommandQueue<Command extends Echo> {
  readonly #connection: Connection;
  readonly #options: CommandQueueOptions<Command>;
  readonly #deps: CommandQueueDeps;
  readonly #frames: TokenBucket;
  readonly #bytes: TokenBucket;
  /** Created at the first refusal: most connections never need one, and there are many connections. */
  #rateLimited: TokenBucket | null = null;
  #malformed: TokenBucket | null = null;
  #pending = 0;

  constructor(connection: Connection, options: CommandQueueOptions<Command>, deps: CommandQueueDeps) {
    this.#connection = connection;
    this.#options = options;
    this.#deps = deps;
    this.#frames = new TokenBucket(options.incoming.frames, deps.clock);
    this.#bytes = new TokenBucket(options.incoming.bytes, deps.clock);
  }

  /** Starts reading. Frames that arrived during setup come first. */
  start(tick: () => number): void {
    const { address } = this.#connection.address;
    this.#connection.start({
      arriving: (count) => {
        if (!this.#frames.spend(count)) this.#flooded();
      },
      arrived: (bytes) => {
        if (!this.#bytes.spend(bytes)) this.#flooded();
      },
      message: (data, isBinary) => this.#receive(data, isBinary),
      tick,
      malformed: () => this.#deps.security.record("malformed", address),
    });
  }

  #receive(data: Buffer, isBinary: boolean): void {
    const arrivedAt = this.#deps.clock.monotonic();
    let command: Command;
    try {
      command = this.#options.parse(data, isBinary);
    } catch (error) {
      return this.#refuse(error, error instanceof BadFrame ? error : {});
    }
    this.#run(command, arrivedAt);
  }

  #run(command: Command, arrivedAt: number): void {
    if (this.#pending >= maxInFlight) {
      return this.#refuse(new AppError("unavailable", "Too much at once.", { retryAfterMs: 1_000 }), command);
    }
    let done: Promise<void> | void;
    try {
      done = this.#options.handle(command, arrivedAt);
    } catch (error) {
      return this.#refuse(error, command);
    }
    if (done) void this.#await(done, command);
  }

  async #await(done: Promise<void>, command: Command): Promise<void> {
    const { inFlight } = this.#deps;
    this.#pending += 1;
    inFlight.begin();
    try {
      await done;
    } catch (error) {
      this.#refuse(error, command);
    } finally {
      this.#pending -= 1;
      inFlight.end();
    }
  }

  #refuse(error: unknown, { ref, nonce }: Echo): void {
    const { clock, logger, security } = this.#deps;
    const known = error instanceof AppError ? error : new AppError("internal", "Something went wrong.");
    if (errorTable[known.code].status >= 500) this.#connection.commandFailed();
    if (known !== error) logger.error({ err: error, user: this.#connection.userId }, "a command failed");
    // One expulsion refuses all commands that still wait: they cost nothing further, and its cause is logged once.
    if (!this.#connection.isOpen) return;
    const { address } = this.#connection.address;
    if (known instanceof BadFrame) {
      security.record("malformed", address);
      this.#malformed ??= new TokenBucket(tolerated.malformed, clock);
      if (!this.#malformed.spend()) return this.#expel("malformed");
    } else if (known.code === "rate_limited" || known.code === "forbidden") {
      security.record(known.code, address);
      if (known.code === "rate_limited" && !this.#toleratesRateLimited()) return this.#expel("rate_limited");
    }
    this.#options.sendError({
      type: "error",
      code: known.code,
      message: known.message,
      ...(ref !== undefined && { ref }),
      ...(nonce !== undefined && { nonce }),
      ...(known.retryAfterMs !== undefined && { retry_after_ms: known.retryAfterMs }),
    });
  }

  #toleratesRateLimited(): boolean {
    this.#rateLimited ??= new TokenBucket(tolerated.rateLimited, this.#deps.clock);
    return this.#rateLimited.spend();
  }

  #flooded(): void {
    this.#deps.security.record("rate_limited", this.#connection.address.address);
    this.#expel("rate_limited");
  }

  /** Closes the connection and logs whose it was: the security log knows addresses only. */
  #expel(code: "rate_limited" | "malformed"): void {
    const { id, userId, address } = this.#connection;
    const reason = code === "malformed" ? "too many malformed frames" : "too many requests";
    this.#deps.logger.warn({ user: userId, address: address.address, connection: id, reason }, "client expelled");
    this.#connection.close(errorTable[code].close, reason);
  }
}
