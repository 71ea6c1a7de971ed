import { sql, type Insertable, type Kysely, type SelectQueryBuilder } from "kysely";
import type { AttachmentRow, AttachmentsTable, Tables } from "../schema.ts";
import { canSeeChannel } from "./visible-channels.ts";

type Db = Kysely<Tables>;

/**
 * Notes a file that is about to be stored, so that it is removed after `notBefore` when its upload comes to no end, as
 * after a crash.
 */
export async function noteUnfinishedFile(db: Db, key: string, notBefore: number): Promise<void> {
  await db.insertInto("removed_files").values({ storage_key: key, not_before: notBefore }).execute();
}

/**
 * Inserts the attachment of a noted file; undefined when the upload took so long that the file is being removed. Must
 * run inside a transaction.
 */
export async function insertAttachment(
  db: Db,
  attachment: Insertable<AttachmentsTable>,
): Promise<AttachmentRow | undefined> {
  const noted = await db
    .deleteFrom("removed_files")
    .where("storage_key", "=", attachment.storage_key)
    .executeTakeFirst();
  if (noted.numDeletedRows === 0n) return undefined;
  return db.insertInto("attachments").values(attachment).returningAll().executeTakeFirstOrThrow();
}

/** What the smallest file takes up on a disk: many tiny ones count. */
export const blockBytes = 4_096;

const countedBytes = sql.raw(`case when size < ${blockBytes} then ${blockBytes} else size end`);

/** Bytes of all that the person has uploaded, their bots included, and of the part that no message has. `userId`: theirs, or a bot's. */
export function uploadedBytes(db: Db, userId: number): Promise<{ total: number; unsent: number }> {
  const owner = db.selectFrom("bots").where("user_id", "=", userId).select("owner_id");
  const personId = sql<number>`coalesce(${owner}, ${userId})`;
  // One list of ids: PostgreSQL would read all attachments for two conditions of which one may hold.
  const uploaders = sql<number>`(select ${personId}
    union all select user_id from bots where owner_id = ${personId})`;
  return db
    .selectFrom("attachments")
    .where("uploader_id", "in", uploaders)
    .select([
      sql<number>`coalesce(sum(${countedBytes}), 0)`.as("total"),
      sql<number>`coalesce(sum(case when message_id is null then ${countedBytes} else 0 end), 0)`.as("unsent"),
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

/**
 * Deletes an unused upload of the user; returns its storage key, undefined when there is none. The file goes into
 * `removed_files`. Must run inside a transaction.
 */
export async function deleteUnsent(db: Db, id: number, userId: number): Promise<string | undefined> {
  const own = db
    .selectFrom("attachments")
    .where("id", "=", id)
    .where("uploader_id", "=", userId)
    .where("message_id", "is", null)
    .select("id");
  return (await deleteAttachments(db, own))[0];
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
  return (await deleteAttachments(db, unsent)).length;
}

/** Of one user's, who may have tens of thousands. */
const unsentAtOnce = 500;

/**
 * Deletes the user's uploads that no message took, some at a time; their files go into `removed_files`. Not to be called in a
 * transaction.
 */
export async function deleteUnsentOf(db: Db, userId: number): Promise<void> {
  const own = db.selectFrom("attachments").where("uploader_id", "=", userId).where("message_id", "is", null);
  const some = own.select("id").limit(unsentAtOnce);
  while ((await db.transaction().execute((trx) => deleteAttachments(trx, some))).length === unsentAtOnce);
}

/** Deletes the attachments of these messages; their files go into `removed_files`. Must run inside a transaction. */
export async function deleteAttachmentsOf(db: Db, messageIds: readonly number[]): Promise<void> {
  await deleteAttachments(db, db.selectFrom("attachments").where("message_id", "in", messageIds).select("id"));
}

async function deleteAttachments(
  db: Db,
  ids: SelectQueryBuilder<Tables, "attachments", { id: number }>,
): Promise<string[]> {
  const rows = await db.deleteFrom("attachments").where("id", "in", ids).returning("storage_key").execute();
  if (rows.length > 0) {
    await db
      .insertInto("removed_files")
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  return rows.map((row) => row.storage_key);
}

/** Storage keys of files that are to be removed now. */
export async function removedFiles(db: Db, now: number, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("removed_files")
    .select("storage_key")
    .where("not_before", "<=", now)
    .limit(limit)
    .execute();
  return rows.map((row) => row.storage_key);
}

/** It cannot be removed now, and others come first. */
export async function putOffRemoval(db: Db, key: string, until: number): Promise<void> {
  await db.updateTable("removed_files").set({ not_before: until }).where("storage_key", "=", key).execute();
}

/** To be called once the files are gone from the storage. */
export async function forgetRemovedFiles(db: Db, keys: readonly string[]): Promise<void> {
  await db.deleteFrom("removed_files").where("storage_key", "in", keys).execute();
}

/** Attachments with a higher id, in the order of their ids. */
export function attachmentsAfter(
  db: Db,
  id: number,
  limit: number,
): Promise<{ id: number; storage_key: string; size: number }[]> {
  return db
    .selectFrom("attachments")
    .select(["id", "storage_key", "size"])
    .where("id", ">", id)
    .orderBy("id")
    .limit(limit)
    .execute();
}

export async function attachmentExists(db: Db, id: number): Promise<boolean> {
  const row = await db.selectFrom("attachments").select("id").where("id", "=", id).executeTakeFirst();
  return row !== undefined;
}
