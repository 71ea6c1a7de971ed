import { sql, type ExpressionBuilder, type Insertable, type Kysely } from "kysely";
import { isSilenced } from "../notification-levels-sql.ts";
import type { PushRow, PushSubscriptionRow, PushSubscriptionsTable } from "../push-tables.ts";
import { presentUser } from "../present-message.ts";
import type { Tables } from "../schema.ts";
import { isHidden } from "./blocks.ts";
import { userColumns } from "./users.ts";
import { canSeeChannel } from "./visible-channels.ts";

type Db = Kysely<Tables>;

/** The text in `meta`, made if there is none. Of nodes that start at once, all then have that of the first. */
export async function ensureMeta(db: Db, key: string, make: () => string): Promise<string> {
  const stored = await db.selectFrom("meta").select("value").where("key", "=", key).executeTakeFirst();
  if (stored) return stored.value;
  await db
    .insertInto("meta")
    .values({ key, value: make() })
    .onConflict((conflict) => conflict.column("key").doNothing())
    .execute();
  const row = await db.selectFrom("meta").select("value").where("key", "=", key).executeTakeFirstOrThrow();
  return row.value;
}

/** A subscription with the device of its session. */
export type PushDeviceRow = PushSubscriptionRow & {
  user_agent: string;
  last_used_at: number;
  status: string;
  quiet_hours: string | null;
};

function live(db: Db, now: number) {
  return db
    .selectFrom("push_subscriptions")
    .innerJoin("sessions", "sessions.id", "push_subscriptions.session_id")
    .innerJoin("users", "users.id", "push_subscriptions.user_id")
    .where("sessions.revoked_at", "is", null)
    .where("sessions.expires_at", ">", now)
    .selectAll("push_subscriptions")
    .select(["sessions.user_agent", "sessions.last_used_at", "users.status", "users.quiet_hours"]);
}

/** The subscriptions of these users' live sessions, the session used last first. `status`: the one that the user chose. */
export async function pushDevices(db: Db, userIds: readonly number[], now: number): Promise<PushDeviceRow[]> {
  if (userIds.length === 0) return [];
  return live(db, now)
    .where("push_subscriptions.user_id", "in", userIds)
    .orderBy("sessions.last_used_at", "desc")
    .orderBy("push_subscriptions.id")
    .execute();
}

/**
 * Stores the subscription of a session, in place of the one it had and of that which the browser had with another session.
 * Beyond `atMost` of one user, those that were accepted longest ago go. Must run inside a transaction.
 */
export async function savePushSubscription(
  db: Db,
  row: Insertable<PushSubscriptionsTable>,
  atMost: number,
): Promise<void> {
  await db
    .deleteFrom("push_subscriptions")
    .where("endpoint", "=", row.endpoint)
    .where("session_id", "!=", row.session_id)
    .execute();
  await db
    .insertInto("push_subscriptions")
    .values(row)
    .onConflict((conflict) => conflict.column("session_id").doUpdateSet({ ...row, ...keptOfSameEndpoint() }))
    .execute();
  const others = await db
    .selectFrom("push_subscriptions")
    .where("user_id", "=", row.user_id)
    .where("session_id", "!=", row.session_id)
    .orderBy(({ fn }) => fn.coalesce("succeeded_at", "created_at"), "desc")
    .select("id")
    .execute();
  await deletePushSubscriptions(
    db,
    others.slice(atMost - 1).map(({ id }) => id),
  );
}

/** A browser subscribes at each start: what became of its pushes is forgotten only with another address. */
function keptOfSameEndpoint() {
  const kept = (column: string, otherwise: string) =>
    sql<never>`case when push_subscriptions.endpoint = excluded.endpoint then push_subscriptions.${sql.ref(column)}
      else ${sql.raw(otherwise)} end`;
  return {
    created_at: kept("created_at", "excluded.created_at"),
    succeeded_at: kept("succeeded_at", "null"),
    last_status: kept("last_status", "null"),
    failing_since: kept("failing_since", "null"),
    failures: kept("failures", "0"),
  };
}

export async function deletePushSubscriptionOf(db: Db, sessionId: string): Promise<void> {
  await db.deleteFrom("push_subscriptions").where("session_id", "=", sessionId).execute();
}

export async function deletePushSubscriptions(db: Db, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await db.deleteFrom("push_subscriptions").where("id", "in", ids).execute();
}

/** Notes the answer of a push service: `status` 0 is none. */
export async function notePushAnswer(db: Db, id: number, status: number, now: number): Promise<void> {
  const isSuccess = status >= 200 && status < 300;
  await db
    .updateTable("push_subscriptions")
    .where("id", "=", id)
    .set((set) => ({
      last_status: status,
      failures: isSuccess ? 0 : set("failures", "+", 1),
      failing_since: isSuccess ? null : set.fn.coalesce("failing_since", set.val(now)),
      ...(isSuccess && { succeeded_at: now }),
    }))
    .execute();
}

export async function deletePushes(db: Db, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await db.deleteFrom("pushes").where("id", "in", ids).execute();
}

/** Changes one row; false when it is gone. */
export async function changePush(
  db: Db,
  id: number,
  change: Partial<Pick<PushRow, "state" | "due_at" | "attempts">>,
): Promise<boolean> {
  const result = await db.updateTable("pushes").set(change).where("id", "=", id).executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Puts claimed rows back until the given time; they were not attempted. */
export async function postponePushes(db: Db, ids: readonly number[], until: number): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable("pushes")
    .set((set) => ({ due_at: until, attempts: set("attempts", "-", 1) }))
    .where("id", "in", ids)
    .execute();
}

export function pushById(db: Db, id: number): Promise<PushRow | undefined> {
  return db.selectFrom("pushes").where("id", "=", id).selectAll().executeTakeFirst();
}

/** Rows of the device about the same thing that came before: the new notification takes their place. */
export async function deleteReplacedPushes(db: Db, row: PushRow): Promise<void> {
  await db
    .deleteFrom("pushes")
    .where("subscription_id", "=", row.subscription_id)
    .where("id", "<", row.id)
    .where((where) =>
      row.channel_id === null
        ? where("notification_id", "=", row.notification_id)
        : where("channel_id", "=", row.channel_id),
    )
    .execute();
}

/** As many tags fit into a push beside what it shows. */
const closesAtOnce = 50;

/** Rows of the device that are to be closed, and wait for a push that shows something: the newest, of many. */
export function waitingCloses(db: Db, subscriptionId: number): Promise<PushRow[]> {
  return db
    .selectFrom("pushes")
    .where("subscription_id", "=", subscriptionId)
    .where("state", "=", "close")
    .orderBy("id", "desc")
    .limit(closesAtOnce)
    .selectAll()
    .execute();
}

/** What was read, or is gone; without `userIds`, for everybody. `isTakenBack`: whose notification is there no more. */
export type PushFilter =
  | { userId: number; channelId: number; seq: number }
  | { userId: number; channelId: number; isRing: true }
  | { userId: number; notificationIds: readonly number[] }
  | { messageId: number; userIds?: readonly number[]; isTakenBack?: true };

/** What is shown of it is to be closed. */
export async function closePushes(db: Db, filter: PushFilter, now: number): Promise<void> {
  const shown = (where: ExpressionBuilder<Tables, "pushes">) =>
    where.and([where("state", "=", "shown"), isAbout(where, filter)]);
  // A read, so unlike the update it does not wait for other writers.
  const row = await db.selectFrom("pushes").where(shown).select("id").limit(1).executeTakeFirst();
  if (row) await db.updateTable("pushes").set({ state: "close", due_at: now, attempts: 0 }).where(shown).execute();
}

function isAbout(where: ExpressionBuilder<Tables, "pushes">, filter: PushFilter) {
  if ("messageId" in filter) {
    const isOf = where("message_id", "=", filter.messageId);
    if (filter.isTakenBack) {
      const notification = where
        .selectFrom("notifications")
        .whereRef("notifications.id", "=", "pushes.notification_id")
        .select("notifications.id");
      return where.and([isOf, where("notification_id", "is not", null), where.not(where.exists(notification))]);
    }
    return filter.userIds ? where.and([isOf, where("user_id", "in", filter.userIds)]) : isOf;
  }
  const own = where("user_id", "=", filter.userId);
  if ("notificationIds" in filter) return where.and([own, where("notification_id", "in", filter.notificationIds)]);
  if ("isRing" in filter) return where.and([own, where("channel_id", "=", filter.channelId), isRing(where)]);
  const isUpTo = where
    .selectFrom("messages")
    .whereRef("messages.id", "=", "pushes.message_id")
    .where("messages.seq", "<=", filter.seq)
    .select("messages.id");
  return where.and([own, where("channel_id", "=", filter.channelId), where.exists(isUpTo)]);
}

/** Deletes what was made before the given time, shown or not, and what was for devices that are gone. */
export async function sweepPushes(db: Db, before: number): Promise<void> {
  await db
    .deleteFrom("pushes")
    .where((where) =>
      where.or([
        where("created_at", "<", before),
        where("subscription_id", "not in", where.selectFrom("push_subscriptions").select("id")),
      ]),
    )
    .execute();
}

/** Of these rows those in whose channels nothing is announced to their users. */
export async function silencedPushes(db: Db, ids: readonly number[], now: number): Promise<ReadonlySet<number>> {
  if (ids.length === 0) return new Set();
  const names = { userId: "pushes.user_id", serverId: "channels.server_id", channelId: "channels.id" };
  const rows = await db
    .selectFrom("pushes")
    .innerJoin("channels", "channels.id", "pushes.channel_id")
    .where("pushes.id", "in", ids)
    .where(sql<boolean>`${sql.raw(isSilenced({ ...names, at: String(Math.floor(now)) }))}`)
    .select("pushes.id")
    .execute();
  return new Set(rows.map((row) => row.id));
}

/** A message or a call in a private channel, as one of its people would be told of it. */
export interface PrivatePush {
  pushId: number;
  kind: "message" | "missed_call" | "ring";
  /** Or who calls. */
  author: ReturnType<typeof presentUser>;
  content: string;
  /** Length of its voice message; absent without one. */
  voiceMs?: number;
  /** Of a group that has one. */
  name: string;
}

/**
 * Of these outbox rows about private channels those that their users may see now and have not read, by nobody whom they
 * hide.
 */
export async function privatePushes(db: Db, ids: readonly number[]): Promise<PrivatePush[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom("pushes")
    .innerJoin("messages", "messages.id", "pushes.message_id")
    .innerJoin("channels", "channels.id", "messages.channel_id")
    .innerJoin("users", "users.id", "messages.author_id")
    .leftJoin("read_states", (join) =>
      join
        .onRef("read_states.user_id", "=", "pushes.user_id")
        .onRef("read_states.channel_id", "=", "pushes.channel_id"),
    )
    .where("pushes.id", "in", ids)
    .where("channels.server_id", "is", null)
    .where("messages.deleted_at", "is", null)
    .where((where) => where("messages.seq", ">", where.fn.coalesce("read_states.seq", where.lit(0))))
    .where((where) => canSeeChannel(db, where.ref("pushes.user_id"), where.ref("pushes.channel_id")))
    .where((where) => where.not(isHidden(where.ref("pushes.user_id"), where.ref("messages.author_id"))))
    .select(userColumns)
    .select(["pushes.id as push_id", "messages.content", "messages.call_ms", "messages.voice_ms"])
    .select("channels.name as channel_name")
    .execute();
  return rows.map((row) => ({
    pushId: row.push_id,
    author: presentUser(row),
    content: row.content,
    ...(row.voice_ms !== null && { voiceMs: row.voice_ms }),
    kind: row.call_ms === null ? ("message" as const) : ("missed_call" as const),
    name: row.channel_name,
  }));
}

/** Of these outbox rows the rings that are not over, with who calls. */
export async function ringPushes(db: Db, ids: readonly number[]): Promise<PrivatePush[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom("pushes")
    .innerJoin("rings", (join) =>
      join.onRef("rings.channel_id", "=", "pushes.channel_id").onRef("rings.user_id", "=", "pushes.user_id"),
    )
    .innerJoin("channels", "channels.id", "rings.channel_id")
    .innerJoin("users", "users.id", "rings.caller_id")
    .where("pushes.id", "in", ids)
    .where(isRing)
    .where("rings.is_silent", "=", 0)
    .select(userColumns)
    .select(["pushes.id as push_id", "channels.name as channel_name"])
    .execute();
  return rows.map((row) => {
    const author = presentUser(row);
    return { pushId: row.push_id, kind: "ring" as const, author, content: "", name: row.channel_name };
  });
}

/** Rows that are about neither a message nor a notification. */
function isRing(where: ExpressionBuilder<Tables, "pushes">) {
  return where.and([where("pushes.message_id", "is", null), where("pushes.notification_id", "is", null)]);
}

/** Rings the devices of those who are called. */
export async function insertRingPushes(
  db: Db,
  channelId: number,
  userIds: readonly number[],
  now: number,
): Promise<void> {
  if (userIds.length === 0) return;
  await db
    .insertInto("pushes")
    .columns(["subscription_id", "user_id", "channel_id", "state", "due_at", "created_at"])
    .expression((from) =>
      from
        .selectFrom("push_subscriptions")
        .where("user_id", "in", userIds)
        .select(["id", "user_id"])
        .select((row) => [
          row.val(channelId).as("channel_id"),
          sql.lit("ring").as("state"),
          row.val(now).as("due_at"),
          row.val(now).as("created_at"),
        ]),
    )
    .execute();
}
