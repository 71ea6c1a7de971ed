import { sql, type Kysely } from "kysely";

/** Categories: channels that hold others. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("channels").addColumn("category_id", "bigint").execute();
  await sql`create index channels_category on channels (category_id) where category_id is not null`.execute(db);
}
