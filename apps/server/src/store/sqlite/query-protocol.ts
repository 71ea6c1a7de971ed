import type { SQLInputValue } from "node:sqlite";

/** `workerData` of the query worker. */
export interface QueryWorkerData {
  file: string;
  access: "read" | "write";
  /** Another database whose tables each connection reads too. */
  attached?: string;
  /** A power cut may take the latest commits; for what is made again from other data. */
  mayLoseCommits?: boolean;
  /** The file of the search index, which the worker creates or checks before the first statement. */
  isSearchIndex?: boolean;
}

/**
 * One statement for one of the worker's connections, which is opened on first use of its slot. Requests are answered in
 * order.
 */
export interface QueryRequest {
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
