import type { MainEvent } from "@miscord/protocol";

/**
 * How a kind of client is spoken to. Connections of one dialect and compression share their bytes, unless the dialect
 * says that an event's words depend on who reads them.
 */
export interface Dialect {
  readonly name: string;
  /** Whether several events may ride in one `batch`; else each is a frame of its own. */
  readonly batches: boolean;
  /** The event as JSON for this reader; null, for any of them, when this dialect has no word for it. */
  encode(event: MainEvent, readerId: number): string | null;
  /** What of the reader shows in the event: readers of whom it says the same share bytes. Empty: nothing does. */
  readerKey?(event: MainEvent, readerId: number): string;
  /** Resolves, always, once these events can be put into words; null when they can be now. */
  prepare?(events: readonly MainEvent[]): Promise<void> | null;
}

export const mainDialect: Dialect = { name: "main", encode: (event) => JSON.stringify(event), batches: true };

/** What decides the bytes that connections get. */
export interface Encoding {
  readonly dialect: Dialect;
  readonly deflate: boolean;
}

/** What decides the bytes that one connection gets. */
export interface Reader {
  readonly encoding: Encoding;
  /** 0 while it is not known who reads. */
  readonly readerId: number;
}
