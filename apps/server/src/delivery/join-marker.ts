import type { Position } from "./position.ts";
import type { Writer } from "./writer.ts";

/**
 * Keeps the topic subscribed for a connection that will rejoin later. Buffers nothing; the rejoin replays from its
 * position.
 */
export class JoinMarker {
  readonly writer: Writer;
  readonly position: Position;
  #isCancelled = false;

  constructor(writer: Writer, position: Position) {
    this.writer = writer;
    this.position = position;
  }

  /** True once the connection has left the topic or joined it again: then the rejoin must not happen. */
  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  cancel(): void {
    this.#isCancelled = true;
  }
}
