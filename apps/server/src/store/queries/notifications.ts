import { previewText, type Notification, type NotificationKind } from "@miscord/protocol";
import type { Insertable, Kysely } from "kysely";
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

/** Marks own ones as read, all of them for `null`; answers those that were not before. */
export async function markNotificationsRead(
  db: Db,
  userId: number,
  ids: readonly number[] | null,
  now: number,
): Promise<number[]> {
  if (ids?.length === 0) return [];
  const rows = await db
    .updateTable("notifications")
    .set({ read_at: now })
    .where("user_id", "=", userId)
    .where("read_at", "is", null)
    .$if(ids !== null, (query) => query.where("id", "in", ids!))
    .returning("id")
    .execute();
  return rows.map((row) => row.id);
}

/** Unread notices of the messages that the person has now read. */
export async function notificationsUpTo(
  db: Db,
  { userId, channelId, seq }: { userId: number; channelId: number; seq: number },
): Promise<number[]> {
  const rows = await db
    .selectFrom("notifications")
    .innerJoin("messages", "messages.id", "notifications.message_id")
    .where("notifications.user_id", "=", userId)
    .where("notifications.read_at", "is", null)
    .where("notifications.channel_id", "=", channelId)
    .where("messages.seq", "<=", seq)
    .select("notifications.id")
    .execute();
  return rows.map((row) => row.id);
}
