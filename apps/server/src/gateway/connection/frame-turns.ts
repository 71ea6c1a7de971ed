import type { SharedTurns } from "../../concurrency/shared-turns.ts";

/** Of one read of a socket. */
const framesAtOnce = 8;

export interface FrameReader<Frame> {
  handle(frame: Frame): void;
  /** Whether frames that wait are still to be handled; asked before each. */
  isWanted(): boolean;
  /** Frames wait: nothing more is to be read. */
  onWaiting(): void;
  /** No frame waits any longer. */
  onDone(): void;
}

/**
 * Handles the frames of a connection in order. The first of those that arrive together are handled at once; the others
 * wait for their turn among all connections, so that no number of sockets that send many at once holds up everybody.
 */
export class FrameQueue<Frame> {
  readonly #reader: FrameReader<Frame>;
  readonly #turns: SharedTurns;
  #handled = 0;
  #waiting: Frame[] = [];

  constructor(reader: FrameReader<Frame>, turns: SharedTurns) {
    this.#reader = reader;
    this.#turns = turns;
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** A read of the socket begins. */
  begin(): void {
    this.#handled = 0;
  }

  push(frame: Frame): void {
    if (this.#waiting.length === 0 && this.#handled < framesAtOnce) {
      this.#handled += 1;
      return this.#reader.handle(frame);
    }
    if (this.#waiting.push(frame) > 1) return;
    this.#reader.onWaiting();
    this.#turns.add(() => this.#continue());
  }

  #continue(): boolean {
    for (const frame of this.#waiting.splice(0, framesAtOnce)) {
      if (this.#reader.isWanted()) this.#reader.handle(frame);
    }
    if (!this.#reader.isWanted()) this.#waiting = [];
    if (this.isWaiting) return true;
    this.#reader.onDone();
    return false;
  }
}
