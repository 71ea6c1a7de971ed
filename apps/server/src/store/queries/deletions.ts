import type { Kysely } from "kysely";
import { deletedUsername } from "@miscord/protocol";
import type { Tables, UserRow } from "../schema.ts";
import { deletePictures } from "./pictures.ts";

type Db = Kysely<Tables>;

export function serversOwnedBy(db: Db, userId: number): Promise<{ id: number; name: string }[]> {
  return db.selectFrom("servers").where("owner_id", "=", userId).orderBy("id").select(["id", "name"]).execute();
}

/** Administrators besides the user who may log in, and are not about to be deleted. */
export async function countOtherAdmins(db: Db, userId: number): Promise<number> {
  const row = await db
    .selectFrom("users")
    .where("is_admin", "=", 1)
    .where("id", "!=", userId)
    .where("deletion_at", "is", null)
    .where("disabled_at", "is", null)
    .select(({ fn }) => fn.countAll<string | number>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export async function noteDeletion(
  db: Db,
  userId: number,
  { at, messages }: { at: number; messages: "keep" | "remove" },
): Promise<void> {
  await db
    .updateTable("users")
    .set({ deletion_at: at, deletion_messages: messages })
    .where("id", "=", userId)
    .where("deleted_at", "is", null)
    .execute();
}

/** Undefined when the account is deleted already. */
export function forgetDeletion(db: Db, userId: number): Promise<UserRow | undefined> {
  return db
    .updateTable("users")
    .set({ deletion_at: null, deletion_messages: null })
    .where("id", "=", userId)
    .where("deleted_at", "is", null)
    .returningAll()
    .executeTakeFirst();
}

/**
 * Accounts whose deletion is due or under way, and that own no server. Those whose name was taken after `settledBefore` are left
 * out: they wait, and are not to keep the others from their turn.
 */
export function dueDeletions(
  db: Db,
  now: number,
  { limit, except, settledBefore }: { limit: number; except: readonly number[]; settledBefore: number },
): Promise<UserRow[]> {
  return db
    .selectFrom("users")
    .where("deletion_at", "<=", now)
    .where((is) => is.or([is("deleted_at", "is", null), is("deleted_at", "<=", settledBefore)]))
    .where((is) =>
      is.not(is.exists(is.selectFrom("servers").whereRef("servers.owner_id", "=", "users.id").select("servers.id"))),
    )
    .$if(except.length > 0, (query) => query.where("id", "not in", except))
    .orderBy("deletion_at")
    .limit(limit)
    .selectAll()
    .execute();
}

/**
 * Takes the name and everything else that is personal from the account, so that nobody can log in to it. What is left
 * stands for whoever wrote the messages. False when its user wants to keep it after all.
 */
export async function makeNameless(db: Db, userId: number, now: number): Promise<boolean> {
  const username = deletedUsername(userId);
  const result = await db
    .updateTable("users")
    .set({
      username,
      username_key: username,
      username_skeleton: username,
      email: "",
      password_hash: "",
      display_name: "Deleted account",
      display_name_key: "",
      avatar_color: "#6b7280",
      is_admin: 0,
      locale: null,
      theme: "system",
      status: "invisible",
      about: "",
      pronouns: "",
      banner_color: null,
      custom_status: null,
      messages_from: "nobody",
      quiet_hours: null,
      recovered_at: null,
      email_key: null,
      email_pending: null,
      mail_locale: null,
      mail_notices: 1,
      digest_at: null,
      deleted_at: now,
    })
    .where("id", "=", userId)
    .where("deletion_at", "<=", now)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Takes picture and banner from an account that has no name any more. Must run inside a transaction. */
export async function deletePictureOf(db: Db, userId: number): Promise<void> {
  const { picture, banner } = await namelessUser(db, userId);
  const ids = [picture, banner].filter((id) => id !== null);
  if (ids.length === 0) return;
  await deletePictures(db, ids);
  await db.updateTable("users").set({ picture: null, banner: null }).where("id", "=", userId).execute();
}

/** The account is removed; when it was made stays unknown too. */
export async function finishDeletion(db: Db, userId: number): Promise<void> {
  await db
    .updateTable("users")
    .set((row) => ({ deletion_at: null, deletion_messages: null, created_at: row.ref("deleted_at").$notNull() }))
    .where("id", "=", userId)
    .execute();
}

/** The account, deleted or not. */
export function namelessUser(db: Db, userId: number): Promise<UserRow> {
  return db.selectFrom("users").where("id", "=", userId).selectAll().executeTakeFirstOrThrow();
}

/** Servers in whose channels the user has messages. */
export async function serversWrittenIn(db: Db, userId: number): Promise<number[]> {
  const rows = await db
    .selectFrom("messages")
    .innerJoin("channels", "channels.id", "messages.channel_id")
    .where("messages.author_id", "=", userId)
    .where("messages.deleted_at", "is", null)
    .where("channels.server_id", "is not", null)
    .distinct()
    .select("channels.server_id")
    .execute();
  return rows.flatMap(({ server_id }) => server_id ?? []);
}

/** People of the private channels in which the user has messages, also of groups that the user has left. */
export async function readersInPrivate(db: Db, userId: number): Promise<number[]> {
  const written = db
    .selectFrom("messages")
    .where("author_id", "=", userId)
    .where("deleted_at", "is", null)
    .select("channel_id");
  const rows = await db
    .selectFrom("recipients")
    .where("channel_id", "in", written)
    .where("user_id", "!=", userId)
    .distinct()
    .select("user_id")
    .execute();
  return rows.map((row) => row.user_id);
}

/** People whose relationships name the user, whichever began. */
export async function relatedTo(db: Db, userId: number): Promise<number[]> {
  const asked = db.selectFrom("friends").where("friend_id", "=", userId).select("user_id as id");
  const asking = db.selectFrom("friends").where("user_id", "=", userId).select("friend_id as id");
  const hiding = db.selectFrom("blocks").where("blocked_id", "=", userId).select("user_id as id");
  const rows = await asked.union(asking).union(hiding).execute();
  return rows.map(({ id }) => id);
}

export function reactionsOf(db: Db, userId: number, limit: number): Promise<{ message_id: number; emoji: string }[]> {
  return db
    .selectFrom("reactions")
    .where("user_id", "=", userId)
    .limit(limit)
    .select(["message_id", "emoji"])
    .execute();
}

/** Messages with polls in which the user has voted. */
export async function votesOf(db: Db, userId: number, limit: number): Promise<number[]> {
  const rows = await db
    .selectFrom("ballots")
    .where("user_id", "=", userId)
    .where("answers", "!=", "")
    .limit(limit)
    .select("message_id")
    .execute();
  return rows.map((row) => row.message_id);
}

export async function groupsOf(db: Db, userId: number): Promise<number[]> {
  const rows = await db
    .selectFrom("recipients")
    .innerJoin("channels", "channels.id", "recipients.channel_id")
    .where("recipients.user_id", "=", userId)
    .where("channels.type", "=", "group")
    .select("channels.id")
    .execute();
  return rows.map(({ id }) => id);
}

/** Nobody can write to the user in conversations of two any more. */
export async function closePairs(db: Db, userId: number): Promise<void> {
  await db.updateTable("recipients").set({ has_opened: 0 }).where("user_id", "=", userId).execute();
}
