import { previewText, type Notification, type NotificationKind } from "@miscord/protocol";
import { sql, type ExpressionBuilder, type Insertable, type Kysely } from "kysely";
import { presentUser, webhookParts } from "../present-message.ts";
import { pushNotifications } from "../push-sql.ts";
import type { NotificationsTable, Tables } from "../schema.ts";
import { isHidden } from "./blocks.ts";
import { userColumns } from "./users.ts";
import { canSeeChannel } from "./visible-channels.ts";

type Db = Kysely<Tables>;

/**
 * So many notifications of a user are kept, the newest. The others go within the hour and are not looked at until then: whoever is
 * mentioned ten times a second would make each look at their inbox, and each read position, more expensive.
 */
const keptNotifications = 1_000;

/** A notification and the user who receives it. */
export interface NotificationForUser {
  userId: number;
  notification: Notification;
}

/**
 * Notifications that their users may see. Those of a server that the user has left are excluded, because they show the
 * current text of its messages. Invites are visible before membership, and
 * outcomes of reports name no channel. Nothing of users whom they hide is.
 */
function visible(db: Db) {
  return db
    .selectFrom("notifications")
    .innerJoin("users", "users.id", "notifications.actor_id")
    .innerJoin("servers", "servers.id", "notifications.server_id")
    .leftJoin("channels", "channels.id", "notifications.channel_id")
    .leftJoin("messages", "messages.id", "notifications.message_id")
    .where((where) =>
      where.or([
        where("notifications.kind", "in", ["invite", "report_acted", "report_dismissed"]),
        canSeeChannel(db, where.ref("notifications.user_id"), where.ref("notifications.channel_id")),
      ]),
    )
    .where((where) => where.not(isHidden(where.ref("notifications.user_id"), where.ref("notifications.actor_id"))));
}

function complete(db: Db) {
  return visible(db)
    .leftJoin("members as actors", (join) =>
      join
        .onRef("actors.server_id", "=", "notifications.server_id")
        .onRef("actors.user_id", "=", "notifications.actor_id"),
    )
    .select(userColumns)
    .select("actors.nickname")
    .select(["notifications.id as notification_id", "notifications.user_id", "notifications.kind"])
    .select(["notifications.created_at", "notifications.read_at", "notifications.invite_code"])
    .select(["notifications.server_id", "notifications.channel_id", "notifications.message_id"])
    .select(["servers.name as server_name", "channels.name as channel_name", "channels.parent_id"])
    .select(["messages.content", "messages.webhook", "messages.voice_ms"]);
}

type Row = Awaited<ReturnType<ReturnType<typeof complete>["execute"]>>[number];

/** Those of a message to everyone are many, and of one text. */
function present(rows: readonly Row[]): NotificationForUser[] {
  const excerpts = new Map<number | null, string>();
  return rows.map((row) => {
    const excerpt = excerpts.get(row.message_id) ?? previewText(row.content ?? "");
    excerpts.set(row.message_id, excerpt);
    return toNotificationForUser(row, excerpt);
  });
}

function toNotificationForUser(row: Row, excerpt: string): NotificationForUser {
  const name = webhookParts(row)?.name ?? row.nickname;
  const notification: Notification = {
    id: row.notification_id,
    kind: row.kind as NotificationKind,
    created_at: new Date(row.created_at).toISOString(),
    is_read: row.read_at !== null,
    actor: { ...presentUser(row), ...(name !== null && { display_name: name }) },
    server_id: row.server_id,
    server_name: row.server_name,
    channel_id: row.channel_id,
    channel_name: row.channel_name,
    ...(row.parent_id !== null && { parent_id: row.parent_id }),
    message_id: row.message_id,
    excerpt,
    ...(row.voice_ms !== null && { voice_ms: row.voice_ms }),
    invite_code: row.invite_code,
  };
  return { userId: row.user_id, notification };
}

/** In the order of ids, without those that their users may not see. */
export async function notificationsById(db: Db, ids: readonly number[]): Promise<NotificationForUser[]> {
  const rows = await complete(db).where("notifications.id", "in", ids).orderBy("notifications.id").execute();
  return present(rows);
}

/** The notifications of kind `everyone`, `here` and `role` that a message made at `since` or later, of users above `after` in the order of their ids. */
export async function everyoneNotifications(
  db: Db,
  messageId: number,
  page: { after: number; limit: number; since: number },
): Promise<NotificationForUser[]> {
  const rows = await complete(db)
    .where("notifications.message_id", "=", messageId)
    .where("notifications.kind", "in", ["everyone", "here", "role"])
    .where("notifications.created_at", ">=", page.since)
    .where("notifications.user_id", ">", page.after)
    .orderBy("notifications.user_id")
    .limit(page.limit)
    .execute();
  return present(rows);
}

/**
 * The user's notifications, newest first, with ids below `before`, and the number of all unread ones. In one statement, so
 * that both are of one moment without a transaction, whose every statement waits for the event loop.
 */
export async function inboxPage(
  db: Db,
  userId: number,
  page: { before: number | undefined; limit: number },
): Promise<{ notifications: Notification[]; unread: number }> {
  const rows = await complete(db)
    .select(unreadCount(db, userId).as("unread"))
    .where("notifications.user_id", "=", userId)
    .where("notifications.id", ">=", oldestKept(db, userId))
    .$if(page.before !== undefined, (query) => query.where("notifications.id", "<", page.before!))
    .orderBy("notifications.id", "desc")
    .limit(page.limit)
    .execute();
  const isEmpty = rows.length === 0 && page.before === undefined;
  const unread = rows[0]?.unread ?? (isEmpty ? 0 : await unreadNotifications(db, userId));
  return { notifications: present(rows).map(({ notification }) => notification), unread };
}

/**
 * Where the user was mentioned or answered since then and has not read it, and how often; as they may see it now. The most
 * first, twenty places at most.
 */
export function missedMentions(
  db: Db,
  userId: number,
  since: number,
): Promise<{ server_name: string; channel_name: string | null; count: number }[]> {
  return visible(db)
    .where("notifications.user_id", "=", userId)
    .where("notifications.read_at", "is", null)
    .where("notifications.created_at", ">=", since)
    .where("notifications.kind", "in", ["mention", "reply", "role"])
    .groupBy(["servers.id", "servers.name", "channels.id", "channels.name"])
    .select(["servers.name as server_name", "channels.name as channel_name"])
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .orderBy("count", "desc")
    .limit(20)
    .execute();
}

/** Number of the user's unread notifications. */
export async function unreadNotifications(db: Db, userId: number): Promise<number> {
  const { unread } = await unreadCount(db, userId).executeTakeFirstOrThrow();
  return unread;
}

function unreadCount(db: Db, userId: number) {
  const newest = db
    .selectFrom("notifications as n")
    .where("n.user_id", "=", userId)
    .where("n.read_at", "is", null)
    .orderBy("n.id", "desc")
    .limit(keptNotifications)
    .select("n.id");
  return visible(db)
    .where("notifications.id", "in", newest)
    .select(({ fn }) => fn.countAll<number>().as("unread"));
}

/** The id of the oldest notification of the user that is kept; 0 while there are fewer. */
function oldestKept(db: Db, userId: number) {
  const oldest = db
    .selectFrom("notifications as kept")
    .where("kept.user_id", "=", userId)
    .orderBy("kept.id", "desc")
    .offset(keptNotifications - 1)
    .limit(1)
    .select("kept.id");
  return sql<number>`coalesce(${oldest}, 0)`;
}

/** Returns the new notification's id. */
export async function insertNotification(db: Db, notification: Insertable<NotificationsTable>): Promise<number> {
  const row = await db.insertInto("notifications").values(notification).returning("id").executeTakeFirstOrThrow();
  await sql`${sql.raw(pushNotifications("n.id ="))} ${row.id}`.execute(db);
  return row.id;
}

/** Selects notifications of a user: all, by id, or those of a channel's messages up to a position. */
export type NotificationFilter = "all" | { ids: readonly number[] } | { channelId: number; seq: number };

/** Marks notifications of the user as read; returns the ids of those that were unread. */
export async function markNotificationsRead(
  db: Db,
  userId: number,
  filter: NotificationFilter,
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

/** Whether an unread notification matches. A read, so unlike an update it does not wait for other writers. */
export async function hasUnreadNotifications(db: Db, userId: number, filter: NotificationFilter): Promise<boolean> {
  const row = await db
    .selectFrom("notifications")
    .where("user_id", "=", userId)
    .where("read_at", "is", null)
    .where("id", ">=", oldestKept(db, userId))
    .where(matching(filter))
    .select("id")
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

function matching(filter: NotificationFilter) {
  return (where: ExpressionBuilder<Tables, "notifications">) => {
    if (filter === "all") return where.lit(true);
    if ("ids" in filter) return filter.ids.length === 0 ? where.lit(false) : where("id", "in", filter.ids);
    // A subquery per unread notification, because the messages up to a position may be all of the channel.
    const isUpTo = where
      .selectFrom("messages")
      .whereRef("messages.id", "=", "notifications.message_id")
      .where("messages.seq", "<=", filter.seq)
      .select("messages.id");
    return where.and([where("channel_id", "=", filter.channelId), where.exists(isUpTo)]);
  };
}

/** Code of the latest invite to the server from this inviter whose notification is unread; null when there is none. */
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

/**
 * Deletes the oldest notifications, at most `atMost` and none from after the given time. Returns how many were deleted,
 * whose they were, and the id below which all are gone.
 */
export async function deleteOldNotifications(
  db: Db,
  before: number,
  atMost: number,
): Promise<{ count: number; userIds: ReadonlySet<number>; beforeId: number }> {
  // Selected by id, which rises with time, so that the query reads no more rows than it may delete.
  const oldest = await db
    .selectFrom("notifications")
    .select(["id", "user_id", "created_at"])
    .orderBy("id")
    .limit(atMost)
    .execute();
  const kept = oldest.findIndex((row) => row.created_at >= before);
  const rows = kept === -1 ? oldest : oldest.slice(0, kept);
  const lastId = rows.at(-1)?.id ?? 0;
  if (rows.length > 0) await db.deleteFrom("notifications").where("id", "<=", lastId).execute();
  return { count: rows.length, userIds: new Set(rows.map((row) => row.user_id)), beforeId: lastId + 1 };
}

/** Users who were invited to the server and still have the notification of it. */
export async function usersWithInviteTo(db: Db, serverId: number): Promise<number[]> {
  const rows = await db
    .selectFrom("notifications")
    .where("server_id", "=", serverId)
    .where("kind", "=", "invite")
    .select("user_id")
    .distinct()
    .execute();
  return rows.map((row) => row.user_id);
}

/** Deletes what the server's messages notified the user of; invites to it stay. */
export async function deleteNotificationsFrom(db: Db, serverId: number, userId: number): Promise<void> {
  await db
    .deleteFrom("notifications")
    .where("user_id", "=", userId)
    // With the sign, SQLite does not look through all notifications of the server's members for it.
    .where(sql<number>`+server_id`, "=", serverId)
    .where("kind", "!=", "invite")
    .execute();
}

/** Ids of users who have more notifications than are kept. */
export async function peopleWithMoreNotifications(db: Db): Promise<number[]> {
  const rows = await db
    .selectFrom("notifications")
    .groupBy("user_id")
    .having(({ fn }) => fn.countAll(), ">", keptNotifications)
    .select("user_id")
    .execute();
  return rows.map((row) => row.user_id);
}

/**
 * Deletes all notifications of the user except the newest, `atOnce` by one statement, so that other writers get their turn in
 * between. Returns the id below which all are gone.
 */
export async function keepNewestNotifications(db: Db, userId: number, atOnce: number): Promise<number | null> {
  const ofUser = db.selectFrom("notifications").where("user_id", "=", userId).select("id");
  const beyond = await ofUser.orderBy("id", "desc").offset(keptNotifications).limit(1).executeTakeFirst();
  if (!beyond) return null;
  const oldest = ofUser.where("id", "<=", beyond.id).orderBy("id").limit(atOnce);
  for (let deleted = atOnce; deleted === atOnce;) {
    const { numDeletedRows } = await db.deleteFrom("notifications").where("id", "in", oldest).executeTakeFirstOrThrow();
    deleted = Number(numDeletedRows);
  }
  return beyond.id + 1;
}
