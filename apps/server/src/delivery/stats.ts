import { HeavyHitters } from "../heavy-hitters.ts";

/** Counters of the delivery path, read by monitoring. Plain fields, because each flush updates them. */
export interface DeliveryStats {
  /** Writes of a batch or an event to a socket, counted per recipient. */
  framesSent: number;
  /** Events in these writes. */
  eventsSent: number;
  bytesSent: number;
  /** Flushes of a topic with at least one event and one recipient. */
  batchesSent: number;
  /** Events in these flushes, counted once per flush whatever the number of recipients. */
  eventsBatched: number;
  /** Events to recipients by channel. */
  readonly channels: HeavyHitters;
  /** Low-priority events dropped: by a topic with too many subjects pending, or per connection that was behind. */
  droppedLowPriority: number;
  /** Connections closed because more than `closeBytes` were unsent. */
  slowConsumersClosed: number;
}

export function createDeliveryStats(): DeliveryStats {
  return {
    framesSent: 0,
    eventsSent: 0,
    bytesSent: 0,
    batchesSent: 0,
    eventsBatched: 0,
    channels: new HeavyHitters(),
    droppedLowPriority: 0,
    slowConsumersClosed: 0,
  };
}
