import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { systemClock } from "../clock.ts";
import type { Config } from "../config.ts";
import { databaseName } from "../data-folder.ts";
import { lockDataFolder } from "../data-folder-lock.ts";
import { OperatorError } from "../errors.ts";
import { migrations } from "../store/migrations/index.ts";
import { connect, patientSettings } from "../store/postgres/connection-settings.ts";
import { importSqlite, type Imported } from "../store/postgres/import/import-sqlite.ts";
import { migrateDatabase } from "../store/postgres/open-postgres-store.ts";
import { requireUsable } from "../store/postgres/requirements.ts";
import { explainStart } from "../store/postgres/start-faults.ts";
import { lockDatabase } from "./lock-database.ts";

/**
 * Copies the embedded database of a stopped instance to the PostgreSQL of DATABASE_URL and compares both. The source
 * stays as it is. An interrupted run leaves nothing behind and can be repeated. @throws OperatorError or StartupError
 */
export async function moveToPostgres(
  { dataDir, databaseUrl }: Pick<Config, "dataDir" | "databaseUrl">,
  report: (line: string) => void,
): Promise<string> {
  if (databaseUrl === undefined)
    throw new OperatorError("Set DATABASE_URL to the database that the data shall move to.");
  const file = join(dataDir, databaseName);
  if (!existsSync(file)) throw new OperatorError(`There is no database ${file}. Name its folder with --data.`);
  const unlock = await lockDataFolder(dataDir);
  const source = new DatabaseSync(file, { readOnly: true });
  try {
    source.exec("begin");
    requireMigrated(source, file);
    return summary(await intoPostgres(databaseUrl, source, report), file);
  } catch (error) {
    throw explainStart(error, databaseUrl);
  } finally {
    source.close();
    unlock();
  }
}

/** The source is not changed, so a version that it was not opened with must not have to change it. */
function requireMigrated(source: DatabaseSync, file: string): void {
  const applied = source
    .prepare("select name from migrations order by name")
    .all()
    .map((row) => String(row["name"]));
  if (applied.join() === migrations.map(([name]) => name).join()) return;
  throw new OperatorError(
    `${file} is of another version: start this version on the folder once, stop it, and run again.`,
  );
}

async function intoPostgres(url: string, source: DatabaseSync, report: (line: string) => void): Promise<Imported> {
  await requireUsable(url);
  const lock = await lockDatabase(url);
  try {
    await migrateDatabase(url, systemClock);
    const client = await connect(patientSettings(url));
    try {
      const imported = await importSqlite({ source, client, report });
      // Without statistics, the first queries would be planned for empty tables.
      await client.query("analyze");
      return imported;
    } finally {
      await client.end();
    }
  } finally {
    await lock.release();
  }
}

function summary({ isNew, rows }: Imported, file: string): string {
  const counts = [...rows].filter(([, count]) => count > 0).map(([table, count]) => `  ${table.padEnd(16)}${count}`);
  const done = isNew
    ? "The data is in PostgreSQL, and every row was compared:"
    : "The data is in PostgreSQL already, the same in every row:";
  return [
    done,
    ...counts,
    `${file} is unchanged and no longer needed. Uploads stay where they are. Start Miscord with DATABASE_URL.`,
  ].join("\n");
}
