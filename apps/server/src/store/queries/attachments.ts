import { sql, type Insertable, type Kysely } from "kysely";
import type { AttachmentRow, AttachmentsTable, Tables } from "../schema.ts";
import { canSeeChannel } from "./visible-channels.ts";

type Db = Kysely<Tables>;

export function insertAttachment(db: Db, attachment: Insertable<AttachmentsTable>): Promise<AttachmentRow> {
  return db.insertInto("attachments").values(attachment).returningAll().executeTakeFirstOrThrow();
}

/** Bytes of all that the user has uploaded, and of the part that no message has. */
export function uploadedBytes(db: Db, userId: number): Promise<{ total: number; unsent: number }> {
  return db
    .selectFrom("attachments")
    .where("uploader_id", "=", userId)
    .select([
      sql<number>`coalesce(sum(size), 0)`.as("total"),
      sql<number>`coalesce(sum(case when message_id is null then size else 0 end), 0)`.as("unsent"),
    ])
    .executeTakeFirstOrThrow();
}

/** The attachment if the user may read it: members read those of undeleted messages, uploaders their unused uploads. */
export function readableAttachment(db: Db, id: number, userId: number): Promise<AttachmentRow | undefined> {
  return db
    .selectFrom("attachments")
    .leftJoin("messages", "messages.id", "attachments.message_id")
    .where("attachments.id", "=", id)
    .where((where) =>
      where.or([
        where.and([
          canSeeChannel(db, where.val(userId), where.ref("messages.channel_id")),
          where("messages.deleted_at", "is", null),
        ]),
        where.and([where("attachments.message_id", "is", null), where("attachments.uploader_id", "=", userId)]),
      ]),
    )
    .selectAll("attachments")
    .executeTakeFirst();
}

/** Deletes an unused upload of the user; returns its storage key, undefined when there is none. */
export async function deleteUnsent(db: Db, id: number, userId: number): Promise<string | undefined> {
  const row = await db
    .deleteFrom("attachments")
    .where("id", "=", id)
    .where("uploader_id", "=", userId)
    .where("message_id", "is", null)
    .returning("storage_key")
    .executeTakeFirst();
  return row?.storage_key;
}

/**
 * Deletes at most `limit` uploads from before a time that belong to no message: never sent, or their message was
 * deleted. One statement, so that none can be sent in between. Returns their storage keys.
 */
export async function deleteOrphans(db: Db, before: number, limit: number): Promise<string[]> {
  const orphans = db
    .selectFrom("attachments")
    .where("message_id", "is", null)
    .where("created_at", "<", before)
    .select("id")
    .limit(limit);
  const rows = await db.deleteFrom("attachments").where("id", "in", orphans).returning("storage_key").execute();
  return rows.map((row) => row.storage_key);
}
