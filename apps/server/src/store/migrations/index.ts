import type { Kysely } from "kysely";
import type { Dialect } from "../sql-dialect.ts";
import * as initial from "./0001-initial.ts";
import * as clearing from "./0002-clearing.ts";
import * as uploader from "./0003-uploader.ts";

export interface Migration {
  up(db: Kysely<unknown>, dialect: Dialect): Promise<void>;
}

/** In the order in which they run. What was released is never changed: a correction is a new migration. */
export const migrations: readonly (readonly [name: string, migration: Migration])[] = [
  ["0001-initial", initial],
  ["0002-clearing", clearing],
  ["0003-uploader", uploader],
];
