import type { Kysely } from "kysely";

/**
 * What was last seen of each voice node, and private channels whose calls are not encrypted. Those are a column of their own,
 * since encryption is the default there, also of what an older node inserts.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const nodes = () => db.schema.alterTable("voice_nodes");
  for (const name of ["version", "stun_url", "refusal"]) await nodes().addColumn(name, "text").execute();
  for (const name of ["seen_at", "refused_at", "given_up_at"]) await nodes().addColumn(name, "bigint").execute();
  await db.schema
    .alterTable("channels")
    .addColumn("unencrypted", "integer", (c) => c.notNull().defaultTo(0))
    .execute();
}
