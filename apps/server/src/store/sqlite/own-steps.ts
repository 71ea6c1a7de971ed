import { Kysely } from "kysely";
import { Lines } from "../../concurrency/lines.ts";
import type { IndexSteps } from "../indexing/index-steps.ts";
import { StepsHere } from "../indexing/steps-here.ts";
import type { Tables } from "../schema.ts";
import type { SearchTables } from "../search/tables.ts";
import { sqliteDialect } from "./kysely-dialect.ts";
import type { Queries } from "./queries.ts";
import type { QueryThread } from "./query-protocol.ts";
import { searchDatabases } from "./search-protocol.ts";
import { ThreadWriter } from "./writer.ts";

/** Some six milliseconds of work. A search that is asked for meanwhile waits for the step. */
const letters = 30_000;

/** The steps on this thread's own connections. Nothing of a step waits, so that it ends before the next request begins. */
export function stepsOn(queries: Queries): IndexSteps {
  const on = (database: number): QueryThread => ({
    call: (request) => Promise.try(() => queries.run({ ...request, database })),
  });
  const writer = new ThreadWriter(on(searchDatabases.written), new Lines().open(), null);
  const dialect = sqliteDialect({ reader: on(searchDatabases.read), writer });
  return new StepsHere({ search: new Kysely<Tables & SearchTables>({ dialect }), letters });
}
