import { closeCodes } from "@miscord/protocol";
import type { Batch } from "./batch.ts";
import type { Encoding, Reader } from "./wire-codec.ts";
import { closeFrame, textFrame } from "./frame.ts";
import type { SocketLike } from "./socket.ts";
import type { DeliveryStats } from "./stats.ts";

/** Limits on the bytes that were written to a socket and not yet taken by the kernel. */
export interface WriteBudget {
  /** Above this, low-priority events are dropped for the connection. */
  readonly dropLowBytes: number;
  /** Above this, the connection is closed with 4008; the client reconnects and resumes from its `seq`. */
  readonly closeBytes: number;
}

export const defaultWriteBudget: WriteBudget = { dropLowBytes: 256 * 1024, closeBytes: 1024 * 1024 };

export interface WriterOptions {
  readonly encoding: Encoding;
  readonly budget: WriteBudget;
  readonly stats: DeliveryStats;
  /**
   * Called once after the close frame was written, to close the rest of the connection. Must not unsubscribe
   * synchronously, as the subscribers are being iterated.
   */
  readonly onClosing: (code: number, reason: string) => void;
}

/**
 * The only component that writes to a connection's socket. Frames are written in the order of the calls, none after a
 * close frame, and the unsent bytes are bounded by the budget plus one write.
 */
export class Writer implements Reader {
  readonly encoding: Encoding;
  /** User id; set after authentication and before the first subscription, 0 until then. */
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

  /** More than `dropLowBytes` are unsent. */
  get isBehind(): boolean {
    return this.#socket.writableLength > this.#dropLowBytes;
  }

  /** Hot: called per subscriber and flush. Returns false when the connection is closed, or is closed by this call for being behind. */
  deliver(bytes: Buffer): boolean {
    if (this.#closed) return false;
    if (this.#socket.writableLength > this.#closeBytes) {
      this.#overflow();
      return false;
    }
    this.#socket.write(bytes);
    return true;
  }

  /**
   * Writes the batch's full frames, or its lean frames without low-priority events when the connection is behind.
   * Returns the bytes written, 0 when nothing was.
   */
  deliverBatch(batch: Batch, full: Buffer): number {
    if (batch.lowCount === 0 || !this.isBehind) return this.deliver(full) ? full.length : 0;
    this.#options.stats.droppedLowPriority += batch.lowCount;
    const lean = batch.lean(this);
    return lean && this.deliver(lean) ? lean.length : 0;
  }

  /** Writes one text frame for this connection alone, at once. */
  send(json: string): void {
    this.sendBytes(textFrame(json));
  }

  /** Writes complete frames for this connection alone, at once. */
  sendBytes(bytes: Buffer): void {
    if (!this.deliver(bytes)) return;
    const { stats } = this.#options;
    stats.framesSent += 1;
    stats.eventsSent += 1;
    stats.bytesSent += bytes.length;
  }

  /** Collects writes until `uncork`, for one system call. Returns false when the writer is corked already or closed. */
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

  /** Calls the listener once all unsent bytes were taken; only useful while `isBehind`. */
  onceDrained(listener: () => void): void {
    this.#socket.once("drain", listener);
  }

  /** Writes a close frame after all earlier writes; later writes are ignored. */
  close(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.write(closeFrame(code, reason));
    this.#options.onClosing(code, reason);
  }

  /** Marks the writer closed without a close frame, because the socket is gone. */
  abandon(): void {
    this.#closed = true;
  }

  #overflow(): void {
    this.#options.stats.slowConsumersClosed += 1;
    this.close(closeCodes.tooSlow, "too slow");
  }
}
