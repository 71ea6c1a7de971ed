import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config.ts";
import { databaseName } from "../data-folder.ts";
import { OperatorError } from "../errors.ts";
import type { Store } from "../store/contract.ts";
import { openPostgresStore } from "../store/postgres/open-postgres-store.ts";
import { explainStart } from "../store/postgres/start-faults.ts";
import { openSqliteStore } from "../store/sqlite/open-sqlite-store.ts";

/** Runs work on the configured database, also while nodes use it. @throws OperatorError without a database. */
export async function withStore<Value>(
  { dataDir, databaseUrl }: Pick<Config, "dataDir" | "databaseUrl">,
  work: (store: Store) => Promise<Value>,
): Promise<Value> {
  const store = databaseUrl === undefined ? await openEmbedded(dataDir) : await openPostgres(databaseUrl);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Beside running nodes, whose locks do not matter here. */
function openPostgres(url: string): Promise<Store> {
  return openPostgresStore({ url, poolSize: 2 }).catch((error: unknown) => {
    throw explainStart(error, url);
  });
}

function openEmbedded(dataDir: string): Promise<Store> {
  const file = join(dataDir, databaseName);
  if (!existsSync(file)) throw new OperatorError(`There is no database ${file}. Name its folder with --data.`);
  return openSqliteStore({ file });
}
