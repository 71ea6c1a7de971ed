import { previewText, type Notification, type NotificationKind } from "@miscord/protocol";
import type { ExpressionBuilder, Insertable, Kysely } from "kysely";
import { presentUser } from "../present-message.ts";
import type { NotificationsTable, Tables } from "../schema.ts";
import { userColumns } from "./users.ts";

type Db = Kysely<Tables>;

export interface Delivery {
  userId: number;
  notification: Notification;
}

/**
 * What people may see of their notices: those of a server that they are no longer in are left out, since they show
 * its messages as they now stand. An invite comes before membership.
 */
function visible(db: Db) {
  return db
    .selectFrom("notifications")
    .innerJoin("users", "users.id", "notifications.actor_id")
    .innerJoin("servers", "servers.id", "notifications.server_id")
    .leftJoin("channels", "channels.id", "notifications.channel_id")
    .leftJoin("messages", "messages.id", "notifications.message_id")
    .leftJoin("members", (join) =>
      join
        .onRef("members.server_id", "=", "notifications.server_id")
        .onRef("members.user_id", "=", "notifications.user_id"),
    )
    .where((where) => where.or([where("notifications.kind", "=", "invite"), where("members.user_id", "is not", null)]));
}

function complete(db: Db) {
  return visible(db)
    .select(userColumns)
    .select(["notifications.id as notification_id", "notifications.user_id", "notifications.kind"])
    .select(["notifications.created_at", "notifications.read_at", "notifications.invite_code"])
    .select(["notifications.server_id", "notifications.channel_id", "notifications.message_id"])
    .select(["servers.name as server_name", "channels.name as channel_name", "messages.content"]);
}

type Row = Awaited<ReturnType<ReturnType<typeof complete>["execute"]>>[number];

function toDelivery(row: Row): Delivery {
  const notification: Notification = {
    id: row.notification_id,
    kind: row.kind as NotificationKind,
    created_at: new Date(row.created_at).toISOString(),
    is_read: row.read_at !== null,
    actor: presentUser(row),
    server_id: row.server_id,
    server_name: row.server_name,
    channel_id: row.channel_id,
    channel_name: row.channel_name,
    message_id: row.message_id,
    excerpt: previewText(row.content ?? ""),
    invite_code: row.invite_code,
  };
  return { userId: row.user_id, notification };
}

export async function notificationsById(db: Db, ids: readonly number[]): Promise<Delivery[]> {
  const rows = await complete(db).where("notifications.id", "in", ids).orderBy("notifications.id").execute();
  return rows.map(toDelivery);
}

/** The notifications of kind `everyone` of a message, above `after` in the order of their ids. */
export async function everyoneNotifications(
  db: Db,
  messageId: number,
  page: { after: number; limit: number },
): Promise<Delivery[]> {
  const rows = await complete(db)
    .where("notifications.message_id", "=", messageId)
    .where("notifications.kind", "=", "everyone")
    .where("notifications.id", ">", page.after)
    .orderBy("notifications.id")
    .limit(page.limit)
    .execute();
  return rows.map(toDelivery);
}

/** Newest first, below `before`. */
export async function notificationPage(
  db: Db,
  userId: number,
  page: { before: number | undefined; limit: number },
): Promise<Notification[]> {
  const rows = await complete(db)
    .where("notifications.user_id", "=", userId)
    .$if(page.before !== undefined, (query) => query.where("notifications.id", "<", page.before!))
    .orderBy("notifications.id", "desc")
    .limit(page.limit)
    .execute();
  return rows.map((row) => toDelivery(row).notification);
}

export async function unreadNotifications(db: Db, userId: number): Promise<number> {
  const row = await visible(db)
    .where("notifications.user_id", "=", userId)
    .where("notifications.read_at", "is", null)
    .select(({ fn }) => fn.countAll<number>().as("unread"))
    .executeTakeFirstOrThrow();
  return row.unread;
}

export async function insertNotification(db: Db, notification: Insertable<NotificationsTable>): Promise<number> {
  const row = await db.insertInto("notifications").values(notification).returning("id").executeTakeFirstOrThrow();
  return row.id;
}

/** Which of a person's notices are meant: all, some, or those of messages up to a position. */
export type NoticeFilter = "all" | { ids: readonly number[] } | { channelId: number; seq: number };

/** Marks a person's notices as read; answers those that were not before. */
export async function markNotificationsRead(
  db: Db,
  userId: number,
  filter: NoticeFilter,
  now: number,
): Promise<number[]> {
  const rows = await db
    .updateTable("notifications")
    .set({ read_at: now })
    .where("user_id", "=", userId)
    .where("read_at", "is", null)
    .where(matching(filter))
    .returning("id")
    .execute();
  return rows.map((row) => row.id);
}

/** Whether there is an unread one: to ask costs no turn to write. */
export async function hasUnreadNotifications(db: Db, userId: number, filter: NoticeFilter): Promise<boolean> {
  const row = await db
    .selectFrom("notifications")
    .where("user_id", "=", userId)
    .where("read_at", "is", null)
    .where(matching(filter))
    .select("id")
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

function matching(filter: NoticeFilter) {
  return (where: ExpressionBuilder<Tables, "notifications">) => {
    if (filter === "all") return where.lit(true);
    if ("ids" in filter) return filter.ids.length === 0 ? where.lit(false) : where("id", "in", filter.ids);
    // Asked of each unread notice, since messages up to a position may be all of a channel.
    const isUpTo = where
      .selectFrom("messages")
      .whereRef("messages.id", "=", "notifications.message_id")
      .where("messages.seq", "<=", filter.seq)
      .select("messages.id");
    return where.and([where("channel_id", "=", filter.channelId), where.exists(isUpTo)]);
  };
}

/** The code of the invite that the guest was told of by this inviter and has not looked at yet. */
export async function unreadInvite(
  db: Db,
  { guestId, serverId, inviterId }: { guestId: number; serverId: number; inviterId: number },
): Promise<string | null> {
  const row = await db
    .selectFrom("notifications")
    .where("user_id", "=", guestId)
    .where("read_at", "is", null)
    .where("kind", "=", "invite")
    .where("server_id", "=", serverId)
    .where("actor_id", "=", inviterId)
    .orderBy("id", "desc")
    .select("invite_code")
    .limit(1)
    .executeTakeFirst();
  return row?.invite_code ?? null;
}

/** Deletes the oldest, at most so many, if they are from before the given time. Answers how many. */
export async function deleteOldNotifications(db: Db, before: number, atMost: number): Promise<number> {
  // By their ids, which rise with time: looking costs no more than what may go.
  const oldest = await db
    .selectFrom("notifications")
    .select(["id", "created_at"])
    .orderBy("id")
    .limit(atMost)
    .execute();
  const ids = oldest.filter((row) => row.created_at < before).map((row) => row.id);
  if (ids.length > 0) await db.deleteFrom("notifications").where("id", "in", ids).execute();
  return ids.length;
}

/** People who have more than so many notices. */
export async function peopleWithMoreNotifications(db: Db, than: number): Promise<number[]> {
  const rows = await db
    .selectFrom("notifications")
    .groupBy("user_id")
    .having(({ fn }) => fn.countAll(), ">", than)
    .select("user_id")
    .execute();
  return rows.map((row) => row.user_id);
}

/** Deletes all of a person's but the newest. */
export async function keepNewestNotifications(db: Db, userId: number, count: number): Promise<void> {
  const beyond = db
    .selectFrom("notifications")
    .where("user_id", "=", userId)
    .orderBy("id", "desc")
    .offset(count)
    .limit(1)
    .select("id");
  await db.deleteFrom("notifications").where("user_id", "=", userId).where("id", "<=", beyond).execute();
}
