import type { ErrorCode, ScheduledMessage, Sticker } from "@miscord/protocol";
import type { Insertable, Kysely } from "kysely";
import type { ScheduledMessageRow, ScheduledMessagesTable } from "../own-message-tables.ts";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

export function presentScheduled(row: ScheduledMessageRow): ScheduledMessage {
  const { id, channel_id, content, reply_to_id, poll, sticker, send_at, refused } = row;
  return {
    id,
    channel_id,
    content,
    reply_to_id,
    has_poll: poll !== null,
    ...(sticker !== null && { sticker: JSON.parse(sticker) as Sticker }),
    send_at: new Date(send_at).toISOString(),
    refused: refused as ErrorCode | null,
  };
}

/** By the time at which they are sent. */
export function scheduledOf(db: Db, userId: number): Promise<ScheduledMessageRow[]> {
  return db
    .selectFrom("scheduled_messages")
    .where("user_id", "=", userId)
    .orderBy("send_at")
    .orderBy("id")
    .selectAll()
    .execute();
}

/** Undefined when the user has `limit` already. Run it in a transaction. */
export async function insertScheduled(
  db: Db,
  row: Insertable<ScheduledMessagesTable>,
  limit: number,
): Promise<ScheduledMessageRow | undefined> {
  // Locks the user, so that two at once count each other.
  await db
    .updateTable("users")
    .set((set) => ({ created_at: set.ref("created_at") }))
    .where("id", "=", row.user_id)
    .execute();
  if ((await scheduledOf(db, row.user_id)).length >= limit) return undefined;
  return db.insertInto("scheduled_messages").values(row).returningAll().executeTakeFirstOrThrow();
}

export async function scheduledById(db: Db, id: number, userId: number): Promise<ScheduledMessageRow | undefined> {
  return db
    .selectFrom("scheduled_messages")
    .where("id", "=", id)
    .where("user_id", "=", userId)
    .selectAll()
    .executeTakeFirst();
}

/** Changes the user's message, and takes a refusal back. Undefined when there is none, or it is being sent. */
export async function changeScheduled(
  db: Db,
  { id, userId }: { id: number; userId: number },
  { content, send_at }: { content?: string | undefined; send_at: number },
): Promise<ScheduledMessageRow | undefined> {
  return db
    .updateTable("scheduled_messages")
    .set({ ...(content !== undefined && { content }), send_at, due_at: send_at, refused: null, attempts: 0 })
    .where("id", "=", id)
    .where("user_id", "=", userId)
    .where((is) => is.or([is("due_at", "is", null), is("due_at", "=", is.ref("send_at"))]))
    .returningAll()
    .executeTakeFirst();
}

/** False when there is none, or it is being sent. */
export async function cancelScheduled(db: Db, id: number, userId: number): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom("scheduled_messages")
    .where("id", "=", id)
    .where("user_id", "=", userId)
    .where((is) => is.or([is("due_at", "is", null), is("due_at", "=", is.ref("send_at"))]))
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

export async function deleteScheduled(db: Db, id: number): Promise<void> {
  await db.deleteFrom("scheduled_messages").where("id", "=", id).execute();
}

/** Until then its author may change it. One that was refused meanwhile stays so. */
export async function postponeScheduled(db: Db, id: number, until: number): Promise<void> {
  await db
    .updateTable("scheduled_messages")
    .set({ send_at: until, due_at: until })
    .where("id", "=", id)
    .where("refused", "is", null)
    .execute();
}

export async function refuseScheduled(db: Db, id: number, code: ErrorCode): Promise<void> {
  await db.updateTable("scheduled_messages").set({ refused: code, due_at: null }).where("id", "=", id).execute();
}

/** None of what these users have scheduled is sent until they change it. */
export async function refuseAllScheduled(db: Db, userIds: readonly number[], code: ErrorCode): Promise<void> {
  await db
    .updateTable("scheduled_messages")
    .set({ refused: code, due_at: null })
    .where("user_id", "in", userIds)
    .execute();
}
