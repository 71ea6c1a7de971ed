import type { Kysely } from "kysely";

/** Each upload asks how much its user keeps already; the index alone answers. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex("attachments_uploader")
    .on("attachments")
    .columns(["uploader_id", "message_id", "size"])
    .execute();
}
