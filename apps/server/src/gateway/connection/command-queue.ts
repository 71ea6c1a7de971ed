import { errorTable, type SocketEvent } from "@miscord/protocol";
import type { Logger } from "pino";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { SecurityEvents } from "../../monitoring/security-events.ts";
import type { Connection } from "./connection.ts";
import { BadFrame, type Ref } from "./incoming.ts";
import type { InFlight } from "./in-flight.ts";
import { TokenBucket, type Rate } from "../../concurrency/token-bucket.ts";

export interface InboxDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly security: SecurityEvents;
  /** Commands of all sessions that wait for the store. */
  readonly inFlight: InFlight;
}

/** What an endpoint makes of frames. */
export interface Conversation<Command extends Echo> {
  /** Throws a BadFrame. */
  parse(data: Buffer, isBinary: boolean): Command;
  /** Throws, or rejects with, an AppError to refuse. */
  handle(command: Command, arrivedAt: number): Promise<void> | void;
  sendError(error: Extract<SocketEvent, { type: "error" }>): void;
  /** Frames of any kind that the connection may send: beyond it, it is closed. */
  readonly frames: Rate;
}

/** What a refused frame wants echoed. */
export interface Echo {
  ref?: Ref | undefined;
  nonce?: string | undefined;
}

/** Commands of one connection that may wait for the store at once. */
const maxInFlight = 256;
/** Refusals for haste, and frames that are no commands: beyond it the connection is closed. */
const patience = {
  haste: { burst: 100, perSecond: 2 },
  malformed: { burst: 20, perSecond: 0.5 },
};

/** Takes a connection's frames, has their commands done, and answers refusals: the gateway's translation of errors. */
export class Inbox<Command extends Echo> {
  readonly #connection: Connection;
  readonly #conversation: Conversation<Command>;
  readonly #deps: InboxDeps;
  readonly #frames: TokenBucket;
  /** Made with the first refusal: most connections never see one, and there are many of them. */
  #haste: TokenBucket | null = null;
  #malformed: TokenBucket | null = null;
  #underWay = 0;

  constructor(connection: Connection, conversation: Conversation<Command>, deps: InboxDeps) {
    this.#connection = connection;
    this.#conversation = conversation;
    this.#deps = deps;
    this.#frames = new TokenBucket(conversation.frames, deps.clock);
  }

  /** From now on the connection is listened to, what came during its setup first. */
  start(tick: () => number): void {
    const { address } = this.#connection.address;
    this.#connection.start({
      message: (data, isBinary) => this.#receive(data, isBinary),
      tick,
      malformed: () => this.#deps.security.record("malformed", address),
    });
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (!this.#frames.spend()) return this.#expel("rate_limited");
    const arrivedAt = this.#deps.clock.monotonic();
    let command: Command;
    try {
      command = this.#conversation.parse(data, isBinary);
    } catch (error) {
      return this.#refuse(error, error instanceof BadFrame ? error : {});
    }
    this.#perform(command, arrivedAt);
  }

  #perform(command: Command, arrivedAt: number): void {
    if (this.#underWay >= maxInFlight) {
      return this.#refuse(new AppError("unavailable", "Too much at once.", { retryAfterMs: 1_000 }), command);
    }
    let done: Promise<void> | void;
    try {
      done = this.#conversation.handle(command, arrivedAt);
    } catch (error) {
      return this.#refuse(error, command);
    }
    if (done) void this.#await(done, command);
  }

  async #await(done: Promise<void>, command: Command): Promise<void> {
    const { inFlight } = this.#deps;
    this.#underWay += 1;
    inFlight.begin();
    try {
      await done;
    } catch (error) {
      this.#refuse(error, command);
    } finally {
      this.#underWay -= 1;
      inFlight.end();
    }
  }

  #refuse(error: unknown, { ref, nonce }: Echo): void {
    const { clock, logger, security } = this.#deps;
    const known = error instanceof AppError ? error : new AppError("internal", "Something went wrong.");
    if (errorTable[known.code].status >= 500) this.#connection.commandFailed();
    if (known !== error) logger.error({ err: error, user: this.#connection.userId }, "a command failed");
    const { address } = this.#connection.address;
    if (known instanceof BadFrame) {
      security.record("malformed", address);
      this.#malformed ??= new TokenBucket(patience.malformed, clock);
      if (!this.#malformed.spend()) return this.#expel("malformed");
    } else if (known.code === "rate_limited" || known.code === "forbidden") {
      security.record(known.code, address);
      if (known.code === "rate_limited" && !this.#hasPatience()) return this.#expel("rate_limited");
    }
    this.#conversation.sendError({
      type: "error",
      code: known.code,
      message: known.message,
      ...(ref !== undefined && { ref }),
      ...(nonce !== undefined && { nonce }),
      ...(known.retryAfterMs !== undefined && { retry_after_ms: known.retryAfterMs }),
    });
  }

  #hasPatience(): boolean {
    this.#haste ??= new TokenBucket(patience.haste, this.#deps.clock);
    return this.#haste.spend();
  }

  #expel(code: "rate_limited" | "malformed"): void {
    const reason = code === "malformed" ? "too many malformed frames" : "too many requests";
    this.#connection.close(errorTable[code].close, reason);
  }
}
