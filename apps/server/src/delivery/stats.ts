/** Counters of the delivery path; monitoring reads them. Plain fields, because they are touched once a flush. */
export interface DeliveryStats {
  /** Frames handed to sockets, one for each recipient. */
  framesSent: number;
  /** Events inside them. */
  eventsSent: number;
  bytesSent: number;
  /** Flushes of a topic that had something to say and somebody to say it to. */
  batchesSent: number;
  eventsBatched: number;
  droppedLowPriority: number;
  slowConsumersClosed: number;
}

export function createDeliveryStats(): DeliveryStats {
  return {
    framesSent: 0,
    eventsSent: 0,
    bytesSent: 0,
    batchesSent: 0,
    eventsBatched: 0,
    droppedLowPriority: 0,
    slowConsumersClosed: 0,
  };
}
