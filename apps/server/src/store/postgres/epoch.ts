import { createHash } from "node:crypto";
import type { Kysely } from "kysely";
import type pg from "pg";
import type { Tables } from "../schema.ts";
import { codeOf } from "./database-errors.ts";

const originKey = "origin";

/**
 * Identifies what the positions in this database descend from: the cluster, its timeline (a promotion or a restore to a
 * point in time begins a new one) and the database in it. Rejects on a standby.
 */
export async function readLineage(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ timeline: string; oid: number }>(
    `select left(pg_walfile_name(pg_current_wal_lsn()), 8) as timeline, oid
     from pg_database where datname = current_database()`,
  );
  return `${await systemIdentifier(client)}/${rows[0]?.timeline}/${rows[0]?.oid}`;
}

async function systemIdentifier(client: pg.ClientBase): Promise<string> {
  try {
    const { rows } = await client.query<{ id: string }>(
      "select system_identifier::text as id from pg_control_system()",
    );
    return rows[0]?.id ?? "";
  } catch (error) {
    // The right to call the function was taken away; the timeline alone has to do.
    if (codeOf(error) === "42501") return "";
    throw error;
  }
}

/** Notes the lineage of the data unless it was noted before; returns the noted one. */
export async function noteOrigin(db: Kysely<Tables>, lineage: string): Promise<string> {
  await db
    .insertInto("meta")
    .values({ key: originKey, value: lineage })
    .onConflict((conflict) => conflict.column("key").doNothing())
    .execute();
  const row = await db.selectFrom("meta").select("value").where("key", "=", originKey).executeTakeFirstOrThrow();
  return row.value;
}

/**
 * The epoch that clients see (see `Store.epoch`). All nodes derive the same one from what the database holds. After an
 * asynchronous failover positions may be given a second time, with other content, so each lineage has its own epoch.
 */
export function epochOf(dataEpoch: string, { origin, lineage }: { origin: string; lineage: string }): string {
  if (lineage === origin) return dataEpoch;
  return `${dataEpoch}.${createHash("sha256").update(lineage).digest("hex").slice(0, 16)}`;
}
