import type { SQLInputValue } from "node:sqlite";

/** `workerData` of the query worker is a list of these. */
export interface QueriedDatabase {
  file: string;
  access: "read" | "write";
  /** Another database whose tables each connection reads too. */
  attached?: string;
  /** A power cut may take the latest commits; for what is made again from other data. */
  mayLoseCommits?: boolean;
  /** The file of the search index, which the worker creates or checks before the database's first statement. */
  isSearchIndex?: boolean;
}

/**
 * One statement for one of the worker's connections, which is opened on first use of its database and slot. Requests are
 * answered in order.
 */
export interface QueryRequest {
  /** Place in the list of the worker's databases; absent: the first. */
  database?: number;
  slot: number;
  sql: string;
  parameters: readonly SQLInputValue[];
}

export interface QueryReply {
  rows: unknown[];
  /** Rows returned or changed. */
  changes: number;
  lastInsertRowid: number;
}

/** A thread, or what one thread does for one database. */
export interface QueryThread {
  call(request: QueryRequest): Promise<QueryReply>;
}

/** A database of a thread that has several. */
export function databaseOf(thread: QueryThread, database: number): QueryThread {
  return { call: (request) => thread.call({ ...request, database }) };
}
