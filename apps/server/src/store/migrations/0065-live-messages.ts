import { sql, type Kysely } from "kysely";

/**
 * What is asked for again and again among rows that do not count: the messages of a channel that are not deleted, beside any number
 * that are, and whether a channel that is gone was ever restricted, beside thousands of other entries about it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index messages_live on messages (channel_id, seq) where deleted_at is null`.execute(db);
  await sql`drop index audit_log_channel`.execute(db);
  await sql`create index audit_log_restricted on audit_log (channel_id) where restricted = 1`.execute(db);
}
