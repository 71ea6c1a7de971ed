import { closeCodes } from "@miscord/protocol";
import type { Delivery } from "./delivery.ts";
import { JoinMarker } from "./join-marker.ts";
import type { Position } from "./position.ts";
import type { Writer } from "./writer.ts";

export interface SlowJoinsOptions {
  readonly delivery: Delivery;
  readonly join: (channelId: number, writer: Writer, position: Position) => Promise<unknown>;
}

/**
 * Postpones the joins of a connection whose socket is behind until the socket has drained. Keeps one marker per
 * connection and channel and no events, so a peer that never reads cannot make the server buffer more by joining often.
 */
export class SlowJoins {
  readonly #options: SlowJoinsOptions;
  /** Postponed joins by channel id; set while the writer's drain is awaited. */
  readonly #joins = new WeakMap<Writer, Map<number, JoinMarker>>();

  constructor(options: SlowJoinsOptions) {
    this.#options = options;
  }

  /** Resolves once the topic is subscribed. Replaces an earlier postponed join of the same channel. */
  wait(channelId: number, writer: Writer, position: Position): Promise<void> {
    const marker = new JoinMarker(writer, position);
    this.#joinsOf(writer).set(channelId, marker);
    return this.#options.delivery.mark(`channel:${channelId}`, marker);
  }

  #joinsOf(writer: Writer): Map<number, JoinMarker> {
    let joins = this.#joins.get(writer);
    if (!joins) {
      this.#joins.set(writer, (joins = new Map()));
      writer.onceDrained(() => void this.#begin(writer));
    }
    return joins;
  }

  /** Joins one channel after the other: a replay may fill the socket again, and then the remaining joins wait again. */
  async #begin(writer: Writer): Promise<void> {
    const joins = this.#joins.get(writer) ?? [];
    this.#joins.delete(writer);
    try {
      for (const [channelId, marker] of joins) {
        if (!marker.isCancelled) await this.#options.join(channelId, writer, marker.position);
      }
    } catch {
      // The join command was answered long ago. After a reconnect the client joins again from its positions.
      writer.close(closeCodes.tryAgainLater, "try again later");
    }
  }
}
