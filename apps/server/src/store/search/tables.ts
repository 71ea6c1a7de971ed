import type { Kysely } from "kysely";
import type { Tables } from "../schema.ts";

/** The tables of the search index; what they hold can be made again from the messages. */
export interface SearchTables {
  /** SQLite: an FTS5 table without content. */
  search_index: { rowid: number; tokens: string };
  /** PostgreSQL: one row for each message that is neither deleted nor empty of terms. */
  search_documents: { message_id: number; tokens: string };
  /** PostgreSQL: every word that was indexed since the index was built, with spaces between, by the first letters. */
  search_words: { beginning: string; words: string };
  /** Up to which position of its log each channel is indexed. */
  search_positions: { channel_id: number; seq: number };
  search_state: { key: string; value: string };
}

/**
 * The index beside the tables that it was made of. In SQLite they are two files: a transaction here writes the index only,
 * and a snapshot is of both files, each by itself.
 */
export type SearchDb = Kysely<Tables & SearchTables>;

/** A change of what is indexed makes it anew at the next start. */
export const indexVersion = "3";
