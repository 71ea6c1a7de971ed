import type { SqlDialect } from "../sql-dialect.ts";
import { postgresIndex } from "./postgres-index.ts";
import { sqliteIndex } from "./sqlite-index.ts";
import type { SearchDb } from "./tables.ts";

/** A term, or the beginning of one. Terms have letters, digits and a leading colon only. */
export interface Term {
  readonly term: string;
  readonly isPrefix: boolean;
}

export interface IndexQuery {
  /** Of each clause one term must be in the document. */
  readonly clauses: readonly (readonly Term[])[];
  /** None of these terms may be in the document. */
  readonly without?: readonly string[];
  /** Ids below this one. */
  readonly before: number;
  /** Ids from this one on. */
  readonly from: number;
  readonly limit: number;
}

export interface IndexBatch {
  readonly documents: readonly { readonly id: number; readonly terms: readonly string[] }[];
  /** Messages that may be in the index and must not be. */
  readonly removed: readonly number[];
  /** Positions of channels before and after. */
  readonly positions: readonly { readonly channelId: number; readonly from: number; readonly to: number }[];
  /** With the messages of a rebuild: where it stands afterwards. */
  readonly remainingBelow?: { readonly from: number; readonly to: number };
}

/** An inverted index of messages by id: what differs between the databases. */
export interface SearchIndex {
  /**
   * Writes the batch as a whole, or, where another node has moved one of the positions meanwhile, nothing of it (false).
   */
  write(batch: IndexBatch): Promise<boolean>;
  /** Ids of documents, the highest first. The work is bounded: a common term costs no more than a rare one. */
  find(query: IndexQuery): Promise<number[]>;
  /** Empties the index. Everything below `remainingBelow` is then to be indexed, and what follows these positions. */
  reset(start: {
    readonly epoch: string;
    readonly remainingBelow: number;
    readonly positions: readonly { readonly channelId: number; readonly seq: number }[];
  }): Promise<void>;
  /** Removes what is left of channels that no longer exist. */
  dropChannels(channelIds: readonly number[]): Promise<void>;
  /**
   * Where the database can: makes the files of the index as small as they may be, and removes the terms of deleted
   * documents from them (S11). Takes seconds for a million documents.
   */
  compact(): Promise<void>;
  /** Bytes of everything that is stored for the index. */
  size(): Promise<number>;
}

export function searchIndex(search: SearchDb, dialect: SqlDialect): SearchIndex {
  return dialect === "sqlite" ? sqliteIndex(search) : postgresIndex(search);
}
