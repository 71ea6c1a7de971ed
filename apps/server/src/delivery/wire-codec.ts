import type { MainEvent } from "@miscord/protocol";

/**
 * Turns internal events into the JSON of one kind of socket. Connections with the same codec and compression share
 * their bytes, except for events whose output depends on the reader. Codecs are compared by identity.
 */
export interface WireCodec {
  readonly name: string;
  /** True when several events may share one `batch` frame; otherwise each event is a frame of its own. */
  readonly batches: boolean;
  /** The event as JSON for this reader; null when this wire has no such event, which must not depend on the reader. */
  encode(event: MainEvent, readerId: number): string | null;
  /**
   * Cache key for reader-dependent output. Readers with equal keys receive identical bytes; empty means the output is
   * the same for all. Null, which must not depend on the reader: no two readers receive the same.
   */
  readerKey?(event: MainEvent, readerId: number): string | null;
  /** Loads data that `encode` needs for these events: null when there is nothing to load. The promise never rejects. */
  prepare?(events: readonly MainEvent[]): Promise<void> | null;
}

/** `/ws/main`: events as they are, several in one `batch` frame. */
export const mainCodec: WireCodec = { name: "main", encode: (event) => JSON.stringify(event), batches: true };

/** Properties of a connection on which its bytes depend. */
export interface Encoding {
  readonly codec: WireCodec;
  /** Whether frames are compressed with permessage-deflate. */
  readonly deflate: boolean;
}

/** Recipient of a batch. */
export interface Reader {
  readonly encoding: Encoding;
  /** User id; 0 before the connection is authenticated. */
  readonly readerId: number;
}
