import { closeCodes } from "@miscord/protocol";
import type { Delivery } from "./delivery.ts";
import { Place } from "./replay-buffer.ts";
import type { Position } from "./position.ts";
import type { Writer } from "./writer.ts";

interface SlowJoin {
  readonly position: Position;
  /** Without its writer: it has left meanwhile, or joined again. */
  readonly place: Place;
}

export interface SlowJoinsOptions {
  readonly delivery: Delivery;
  readonly join: (channelId: number, writer: Writer, position: Position) => Promise<void>;
}

/**
 * Joins of connections that are behind: each begins once the socket has drained. Kept is where the joiner stands and
 * nothing of what it will be told, so that a peer that does not read may join as often as it likes.
 */
export class SlowJoins {
  readonly #options: SlowJoinsOptions;
  readonly #joins = new WeakMap<Writer, Map<number, SlowJoin>>();

  constructor(options: SlowJoinsOptions) {
    this.#options = options;
  }

  /** Resolves once the place is taken; replaces what waited for the same channel. */
  wait(channelId: number, writer: Writer, position: Position): Promise<void> {
    const place = new Place([writer]);
    this.#joinsOf(writer).set(channelId, { position, place });
    return this.#options.delivery.hold(`channel:${channelId}`, place);
  }

  #joinsOf(writer: Writer): Map<number, SlowJoin> {
    let joins = this.#joins.get(writer);
    if (!joins) {
      this.#joins.set(writer, (joins = new Map()));
      writer.onceDrained(() => void this.#begin(writer));
    }
    return joins;
  }

  /** One after the other: a replay may put the connection behind again, and then the rest waits anew. */
  async #begin(writer: Writer): Promise<void> {
    const joins = this.#joins.get(writer) ?? [];
    this.#joins.delete(writer);
    try {
      for (const [channelId, { position, place }] of joins) {
        if (place.writers.has(writer)) await this.#options.join(channelId, writer, position);
      }
    } catch {
      // Nobody waits for this answer any more; the client comes back and joins from its positions.
      writer.close(closeCodes.tryAgainLater, "try again later");
    }
  }
}
