import type { Reminder } from "@miscord/protocol";
import { sql, type Kysely } from "kysely";
import type { SavedMessageRow } from "../own-message-tables.ts";
import type { Tables } from "../schema.ts";
import { canSeeChannel } from "./visible-channels.ts";

type Db = Kysely<Tables>;

/** What the users have saved and may still see. */
function visibleSaved(db: Db) {
  return db
    .selectFrom("saved_messages as s")
    .innerJoin("messages as m", "m.id", "s.message_id")
    .where("m.deleted_at", "is", null)
    .where((is) => canSeeChannel(db, is.ref("s.user_id"), is.ref("m.channel_id")));
}

/** The latest first; with `before`, those saved before that message was. */
export async function savedOf(
  db: Db,
  userId: number,
  page: { before?: number | undefined; onlyDue: boolean; limit: number },
): Promise<SavedMessageRow[]> {
  const { before, onlyDue, limit } = page;
  const mark = before === undefined ? undefined : await savedRow(db, userId, before);
  if (before !== undefined && !mark) return [];
  return visibleSaved(db)
    .where("s.user_id", "=", userId)
    .$if(onlyDue, (query) => query.where("s.reminded_at", "is not", null))
    .$if(mark !== undefined, (query) =>
      query.where((is) =>
        is.or([
          is("s.saved_at", "<", mark!.saved_at),
          is.and([is("s.saved_at", "=", mark!.saved_at), is("s.message_id", "<", mark!.message_id)]),
        ]),
      ),
    )
    .orderBy("s.saved_at", "desc")
    .orderBy("s.message_id", "desc")
    .limit(limit)
    .selectAll("s")
    .execute();
}

export function savedRow(db: Db, userId: number, messageId: number): Promise<SavedMessageRow | undefined> {
  return db
    .selectFrom("saved_messages")
    .where("user_id", "=", userId)
    .where("message_id", "=", messageId)
    .selectAll()
    .executeTakeFirst();
}

export async function countSaved(db: Db, userId: number): Promise<number> {
  const { count } = await db
    .selectFrom("saved_messages")
    .where("user_id", "=", userId)
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

/** `remind_at` undefined: an earlier reminder stays as it is. */
export async function putSaved(
  db: Db,
  { userId, messageId, remindAt }: { userId: number; messageId: number; remindAt: number | null | undefined },
  now: number,
): Promise<void> {
  const reminder = { remind_at: remindAt ?? null, reminded_at: null };
  await db
    .insertInto("saved_messages")
    .values({ user_id: userId, message_id: messageId, saved_at: now, ...reminder })
    .onConflict((conflict) => {
      const known = conflict.columns(["user_id", "message_id"]);
      return remindAt === undefined ? known.doNothing() : known.doUpdateSet(reminder);
    })
    .execute();
}

export async function deleteSaved(db: Db, userId: number, messageId: number): Promise<void> {
  await db.deleteFrom("saved_messages").where("user_id", "=", userId).where("message_id", "=", messageId).execute();
}

/** Notes that the time of reminders has come; of several nodes that ask at once, each reminder goes to one. */
export function takeDueReminders(db: Db, now: number, limit: number): Promise<SavedMessageRow[]> {
  const due = db
    .selectFrom("saved_messages")
    .where("remind_at", "<=", now)
    .where("reminded_at", "is", null)
    .orderBy("remind_at")
    .limit(limit)
    .select(["user_id", "message_id"]);
  return db
    .updateTable("saved_messages")
    .set({ reminded_at: now })
    .where(sql<boolean>`(user_id, message_id) in ${due}`)
    .where("reminded_at", "is", null)
    .returningAll()
    .execute();
}

/** Those of the rows whose message is there, and seen by who saved it. */
export async function stillVisible(db: Db, rows: readonly SavedMessageRow[]): Promise<SavedMessageRow[]> {
  if (rows.length === 0) return [];
  return visibleSaved(db)
    .where((is) =>
      is.or(rows.map((row) => is.and([is("s.user_id", "=", row.user_id), is("s.message_id", "=", row.message_id)]))),
    )
    .selectAll("s")
    .execute();
}

/** Reminders of messages that the user may see, whose time has come, the latest first. */
export async function remindersOf(db: Db, userId: number, limit: number): Promise<Reminder[]> {
  const rows = await visibleSaved(db)
    .where("s.user_id", "=", userId)
    .where("s.reminded_at", "is not", null)
    .orderBy("s.remind_at", "desc")
    .orderBy("s.message_id", "desc")
    .limit(limit)
    .select(["s.message_id", "s.remind_at"])
    .execute();
  return rows.map((row) => presentReminder(row.message_id, row.remind_at));
}

export function presentReminder(messageId: number, remindAt: number | null): Reminder {
  return { message_id: messageId, remind_at: new Date(remindAt ?? 0).toISOString() };
}
