import { closeCodes } from "@miscord/protocol";
import type { Batch } from "./batch.ts";
import type { Encoding, Reader } from "./wire-codec.ts";
import { closeFrame, textFrame } from "./frame.ts";
import type { SocketLike } from "./socket.ts";
import type { DeliveryStats } from "./stats.ts";

/** How far a connection may fall behind, in bytes that its socket has not taken. */
export interface WriteBudget {
  /** Over it, low priority is dropped. */
  readonly dropLowBytes: number;
  /** Over it, the connection is closed with 4008 and comes back by `seq`. */
  readonly closeBytes: number;
}

export const defaultWriteBudget: WriteBudget = { dropLowBytes: 256 * 1024, closeBytes: 1024 * 1024 };

export interface WriterOptions {
  readonly encoding: Encoding;
  readonly budget: WriteBudget;
  readonly stats: DeliveryStats;
  /** After the close frame was handed over: the rest of the connection's closing. Must not unsubscribe in this call. */
  readonly onClosing: (code: number, reason: string) => void;
}

/**
 * The only way to a connection's socket. Frames leave in the order of the calls, nothing leaves after a close frame,
 * and what waits is bounded by the budget plus one frame.
 */
export class Writer implements Reader {
  readonly encoding: Encoding;
  /** Set once it is known, before anything is subscribed. */
  readerId = 0;
  readonly #socket: SocketLike;
  readonly #options: WriterOptions;
  readonly #dropLowBytes: number;
  readonly #closeBytes: number;
  #closed = false;
  #corked = false;

  constructor(socket: SocketLike, options: WriterOptions) {
    this.#socket = socket;
    this.#options = options;
    this.encoding = options.encoding;
    this.#dropLowBytes = options.budget.dropLowBytes;
    this.#closeBytes = options.budget.closeBytes;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The socket took less than it was given, beyond the first mark. */
  get isBehind(): boolean {
    return this.#socket.writableLength > this.#dropLowBytes;
  }

  /** Hot: called for each subscriber of each flush. Answers false when the connection was closed instead. */
  deliver(bytes: Buffer): boolean {
    if (this.#closed) return false;
    if (this.#socket.writableLength > this.#closeBytes) {
      this.#overflow();
      return false;
    }
    this.#socket.write(bytes);
    return true;
  }

  /** `deliver` of the batch, without its low priority when the connection is behind. */
  deliverBatch(batch: Batch, full: Buffer): number {
    if (batch.lowCount === 0 || !this.isBehind) return this.deliver(full) ? full.length : 0;
    this.#options.stats.droppedLowPriority += batch.lowCount;
    const lean = batch.lean(this);
    return lean && this.deliver(lean) ? lean.length : 0;
  }

  /** Something for this connection alone, at once. */
  send(json: string): void {
    this.sendBytes(textFrame(json));
  }

  sendBytes(bytes: Buffer): void {
    if (!this.deliver(bytes)) return;
    const { stats } = this.#options;
    stats.framesSent += 1;
    stats.eventsSent += 1;
    stats.bytesSent += bytes.length;
  }

  /** Until `uncork`, what is written gathers for one system call. True when this call changed it. */
  cork(): boolean {
    if (this.#corked || this.#closed) return false;
    this.#corked = true;
    this.#socket.cork();
    return true;
  }

  uncork(): void {
    if (!this.#corked) return;
    this.#corked = false;
    this.#socket.uncork();
  }

  /** Calls back once the socket has taken everything that waits; only meaningful while `isBehind`. */
  onceDrained(listener: () => void): void {
    this.#socket.once("drain", listener);
  }

  /** Sends the close frame behind everything that was written; later writes go nowhere. */
  close(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.write(closeFrame(code, reason));
    this.#options.onClosing(code, reason);
  }

  /** The socket is gone: nothing more to write to. */
  abandon(): void {
    this.#closed = true;
  }

  #overflow(): void {
    this.#options.stats.slowConsumersClosed += 1;
    this.close(closeCodes.tooSlow, "too slow");
  }
}
