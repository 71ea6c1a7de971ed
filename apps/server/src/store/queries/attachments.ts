import { sql, type Insertable, type Kysely, type SelectQueryBuilder } from "kysely";
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
 * Deletes at most `limit` uploads from before a time that no message took, in one statement, so that none can be sent in
 * between. Their files go into `removed_files`. Returns their number. Must run inside a transaction.
 */
export async function deleteUnsentBefore(db: Db, before: number, limit: number): Promise<number> {
  const unsent = db
    .selectFrom("attachments")
    .where("message_id", "is", null)
    .where("created_at", "<", before)
    .select("id")
    .limit(limit);
  return deleteAttachments(db, unsent);
}

/** Deletes the attachments of these messages; their files go into `removed_files`. Must run inside a transaction. */
export async function deleteAttachmentsOf(db: Db, messageIds: readonly number[]): Promise<void> {
  await deleteAttachments(db, db.selectFrom("attachments").where("message_id", "in", messageIds).select("id"));
}

async function deleteAttachments(
  db: Db,
  ids: SelectQueryBuilder<Tables, "attachments", { id: number }>,
): Promise<number> {
  const rows = await db.deleteFrom("attachments").where("id", "in", ids).returning("storage_key").execute();
  if (rows.length > 0) {
    await db
      .insertInto("removed_files")
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  return rows.length;
}

/** Storage keys of files whose attachment is deleted. */
export async function removedFiles(db: Db, limit: number): Promise<string[]> {
  const rows = await db.selectFrom("removed_files").select("storage_key").limit(limit).execute();
  return rows.map((row) => row.storage_key);
}

/** To be called once the files are gone from the storage. */
export async function forgetRemovedFiles(db: Db, keys: readonly string[]): Promise<void> {
  await db.deleteFrom("removed_files").where("storage_key", "in", keys).execute();
}
