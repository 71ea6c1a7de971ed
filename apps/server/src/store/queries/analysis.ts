import type { Kysely } from "kysely";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;
/**
 * What the analysis keeps: what it has learned of the instance and of its nodes, what it has found, the load by the
 * quarter of an hour, and the week.
 */
export type AnalysisPart = "model" | "nodes" | "incidents" | "load" | "weeks";

/** Undefined when nothing was kept yet. */
export async function readAnalysis(db: Db, part: AnalysisPart): Promise<string | undefined> {
  const row = await db.selectFrom("meta").where("key", "=", `analysis_${part}`).select("value").executeTakeFirst();
  return row?.value;
}

export async function keepAnalysis(db: Db, part: AnalysisPart, value: string): Promise<void> {
  await db
    .insertInto("meta")
    .values({ key: `analysis_${part}`, value })
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ value }))
    .execute();
}
