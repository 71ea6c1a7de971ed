import type { SQLInputValue } from "node:sqlite";

/** What the query worker is started with. */
export interface QueryWorkerData {
  file: string;
  access: "read" | "write";
}

/**
 * One statement for one of the worker's connections; opened when first named. Requests are answered in the order
 * in which they came.
 */
export interface QueryRequest {
  slot: number;
  sql: string;
  parameters: readonly SQLInputValue[];
}

export interface QueryReply {
  rows: unknown[];
  changes: number;
  lastInsertRowid: number;
}
