import type { MainEvent } from "@miscord/protocol";

/** How a kind of client is spoken to. Connections of one dialect and compression share their bytes. */
export interface Dialect {
  readonly name: string;
  /** The event as JSON; null when this dialect has no word for it. */
  encode(event: MainEvent): string | null;
  /** Whether several events may ride in one `batch`; else each is a frame of its own. */
  readonly batches: boolean;
}

export const mainDialect: Dialect = { name: "main", encode: (event) => JSON.stringify(event), batches: true };

/** What decides the bytes that a connection gets. */
export interface Encoding {
  readonly dialect: Dialect;
  readonly deflate: boolean;
}
