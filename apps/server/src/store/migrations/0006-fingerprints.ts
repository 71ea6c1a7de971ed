import { sql, type Kysely } from "kysely";

/** The digest of a text that was edited or deleted is removed: a short text could be guessed from it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`update messages set fingerprint = null where edited_at is not null or deleted_at is not null`.execute(db);
}
