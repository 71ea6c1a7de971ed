import { randomUUID } from "node:crypto";
import type { Kysely, Transaction } from "kysely";
import type { Progress } from "./contract.ts";
import { givenPositions } from "./queries/progress.ts";
import { StartupError } from "../startup-error.ts";
import { lockMigrations, type SqlDialect } from "./sql-dialect.ts";
import { migrations } from "./migrations/index.ts";
import type { Tables } from "./schema.ts";

/**
 * Runs all missing migrations in one transaction. Throws a StartupError when a newer version has migrated the database;
 * any failure leaves it unchanged.
 */
export async function migrate(db: Kysely<Tables>, dialect: SqlDialect): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await lockMigrations(trx, dialect);
    const applied = await appliedMigrations(trx);
    refuseNewerData(applied);
    for (const [name, migration] of migrations) {
      if (applied.has(name)) continue;
      await migration.up(trx as unknown as Kysely<unknown>, dialect);
      await trx.insertInto("migrations").values({ name, applied_at: Date.now() }).execute();
    }
  });
}

/** The epoch (see `Store.epoch`), generated on the first call. */
export async function readEpoch(db: Kysely<Tables>): Promise<string> {
  await db
    .insertInto("meta")
    .values({ key: "epoch", value: randomUUID() })
    .onConflict((conflict) => conflict.column("key").doNothing())
    .execute();
  const row = await db.selectFrom("meta").select("value").where("key", "=", "epoch").executeTakeFirstOrThrow();
  return row.value;
}

/**
 * The epoch of the data; a new one, with `lost` positions, when the data is of the epoch `known` and has fewer positions
 * than it had then, since clients may hold positions that will be given again.
 */
export async function checkedEpoch(
  db: Kysely<Tables>,
  known: Progress | null,
): Promise<{ epoch: string; lost: number }> {
  const epoch = await readEpoch(db);
  if (known?.epoch !== epoch) return { epoch, lost: 0 };
  const lost = known.positions - (await givenPositions(db));
  if (lost <= 0) return { epoch, lost: 0 };
  const renewed = randomUUID();
  await db.updateTable("meta").set({ value: renewed }).where("key", "=", "epoch").execute();
  return { epoch: renewed, lost };
}

async function appliedMigrations(trx: Transaction<Tables>): Promise<Set<string>> {
  await trx.schema
    .createTable("migrations")
    .ifNotExists()
    .addColumn("name", "text", (c) => c.primaryKey())
    .addColumn("applied_at", "bigint", (c) => c.notNull())
    .execute();
  const rows = await trx.selectFrom("migrations").select("name").execute();
  return new Set(rows.map((row) => row.name));
}

function refuseNewerData(applied: ReadonlySet<string>): void {
  const known = new Set(migrations.map(([name]) => name));
  const newer = [...applied].filter((name) => !known.has(name)).toSorted();
  if (newer.length === 0) return;
  throw new StartupError(
    `The data was written by a newer version of Miscord (${newer.at(-1)}): start that version, or restore a backup made by this one.`,
  );
}
