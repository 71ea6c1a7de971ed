import type { CustomStatus } from "@miscord/protocol";
import { sql, type Insertable, type Kysely } from "kysely";
import { compiledOnce } from "../compiled-once.ts";
import type { SessionRow, Tables, UserRow } from "../schema.ts";
import { countRestricted } from "./visible-channels.ts";
import { customStatusOf } from "./own-profile.ts";

type Db = Kysely<Tables>;

const revokedAtOnce = 1_000;

export async function insertSession(db: Db, session: Insertable<Tables["sessions"]>): Promise<void> {
  await db.insertInto("sessions").values(session).execute();
}

/** The person whose live session this is; undefined when it ended, was revoked or never was, or the account is deleted. */
export async function userOfSession(
  db: Db,
  sessionId: string,
  now: number,
): Promise<(UserRow & { session_kind: string }) | undefined> {
  return (await liveSession(db, sessionId, now))[0];
}

const liveSession = compiledOnce((db, sessionId: string, now: number) =>
  db
    .selectFrom("sessions")
    .innerJoin("users", "users.id", "sessions.user_id")
    .where("sessions.id", "=", sessionId)
    .where("sessions.revoked_at", "is", null)
    .where("sessions.expires_at", ">", now)
    .where("users.deleted_at", "is", null)
    .selectAll("users")
    .select("sessions.kind as session_kind"),
);

export interface SessionState {
  status: string;
  customStatus: CustomStatus | null;
  /** In the order of joining. */
  serverIds: number[];
  /** Channels of these that not all members see, whether the user sees them or not. */
  restrictedCount: number;
}

/**
 * Of the session's user; undefined when the session is expired, revoked or unknown. In one query, because after a restart all
 * clients connect at once.
 */
export async function connectionStateOf(db: Db, sessionId: string, now: number): Promise<SessionState | undefined> {
  const rows = await statusAndServers(db, sessionId, now);
  const [first] = rows;
  if (!first) return undefined;
  const serverIds = rows.flatMap(({ server_id: id }) => (id === null ? [] : [id]));
  const restrictedCount = rows.reduce((sum, { restricted }) => sum + (restricted ?? 0), 0);
  return { status: first.status, customStatus: customStatusOf(first, now), serverIds, restrictedCount };
}

const statusAndServers = compiledOnce((db, sessionId: string, now: number) =>
  db
    .selectFrom("sessions")
    .innerJoin("users", "users.id", "sessions.user_id")
    .leftJoin("members", "members.user_id", "users.id")
    .where("sessions.id", "=", sessionId)
    .where("sessions.revoked_at", "is", null)
    .where("sessions.expires_at", ">", now)
    .where("users.deleted_at", "is", null)
    .orderBy("members.joined_at")
    .orderBy("members.server_id")
    .select(["users.status", "users.custom_status", "members.server_id"])
    .select((row) => countRestricted(db, row.ref("members.server_id")).as("restricted")),
);

/**
 * Replaces the refresh token hash `from` with `to`; false when `from` is not the session's current one. Comparing and
 * replacing are one statement, so of two requests with the same token only one succeeds.
 */
export async function rotateRefresh(
  db: Db,
  rotation: { sessionId: string; from: string; to: string; address: string; now: number; expiresAt: number },
): Promise<boolean> {
  const result = await db
    .updateTable("sessions")
    .set({
      refresh_hash: rotation.to,
      spent_hash: rotation.from,
      is_repeated: 0,
      repeated_in_a_row: sql`repeated_in_a_row * is_repeated`,
      last_used_at: rotation.now,
      address: rotation.address,
      expires_at: rotation.expiresAt,
    })
    .where("id", "=", rotation.sessionId)
    .where("refresh_hash", "=", rotation.from)
    .where("revoked_at", "is", null)
    .where("expires_at", ">", rotation.now)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** The successor of the spent token is given once more. Counts once a refresh, however often it is repeated. */
export async function markRepeated(db: Db, sessionId: string, spent: string): Promise<void> {
  await db
    .updateTable("sessions")
    .set({ is_repeated: 1, repeated_in_a_row: sql`repeated_in_a_row + 1 - is_repeated` })
    .where("id", "=", sessionId)
    .where("spent_hash", "=", spent)
    .execute();
}

/** The user's sessions that are neither expired nor revoked, latest use first. */
export function liveSessions(db: Db, userId: number, now: number): Promise<SessionRow[]> {
  return db
    .selectFrom("sessions")
    .where("user_id", "=", userId)
    .where("revoked_at", "is", null)
    .where("expires_at", ">", now)
    .orderBy("last_used_at", "desc")
    .selectAll()
    .execute();
}

/** As if it had never been. */
export async function deleteSession(db: Db, sessionId: string): Promise<void> {
  await db.deleteFrom("sessions").where("id", "=", sessionId).execute();
}

/** Revokes a session of any user. Returns its user id; undefined when it is unknown or revoked already. */
export async function revokeSession(db: Db, sessionId: string, now: number): Promise<number | undefined> {
  const row = await db
    .updateTable("sessions")
    .set({ revoked_at: now })
    .where("id", "=", sessionId)
    .where("revoked_at", "is", null)
    .returning("user_id")
    .executeTakeFirst();
  await forgetDevices(db, [sessionId]);
  return row?.user_id;
}

/** Revokes all sessions of the user except `keep`; returns the ids of those revoked. */
export async function revokeOtherSessions(db: Db, userId: number, keep: string, now: number): Promise<string[]> {
  const rows = await db
    .updateTable("sessions")
    .set({ revoked_at: now })
    .where("user_id", "=", userId)
    .where("id", "!=", keep)
    .where("revoked_at", "is", null)
    .returning("id")
    .execute();
  const ids = rows.map((row) => row.id);
  await forgetDevices(db, ids);
  return ids;
}

/** Revokes the user's live sessions but the `most` that were used last; very many in several calls. */
export async function revokeOldSessions(db: Db, userId: number, most: number, now: number): Promise<void> {
  const old = await db
    .selectFrom("sessions")
    .where("user_id", "=", userId)
    .where("revoked_at", "is", null)
    .where("expires_at", ">", now)
    .orderBy("last_used_at", "desc")
    .orderBy("created_at", "desc")
    .limit(revokedAtOnce)
    .offset(most)
    .select("id")
    .execute();
  if (old.length === 0) return;
  const ids = old.map((row) => row.id);
  await db.updateTable("sessions").set({ revoked_at: now }).where("id", "in", ids).execute();
  await forgetDevices(db, ids);
}

/** Ended sessions of one account that are kept, besides those that ended in the last minutes, which nodes have yet to hear of. */
const endedAtMost = 500;
const heardOfMs = 5 * 60_000;

/**
 * Deletes the user's sessions that ended before the latest ones: whoever goes on logging in, or renews the token of a bot, would
 * make each list of them longer. Very many in several calls.
 */
export async function forgetEndedSessions(db: Db, userId: number, now: number): Promise<void> {
  const endedAt = sql<number>`coalesce(revoked_at, expires_at)`;
  await db
    .deleteFrom("sessions")
    .where("id", "in", (from) =>
      from
        .selectFrom("sessions")
        .where("user_id", "=", userId)
        .where(endedAt, "<", now - heardOfMs)
        .orderBy(endedAt, "desc")
        .limit(revokedAtOnce)
        .offset(endedAtMost)
        .select("id"),
    )
    .execute();
}

/** Pushes go to live sessions only, whenever this happens; nothing of a device is kept longer than its session. */
async function forgetDevices(db: Db, sessionIds: readonly string[]): Promise<void> {
  if (sessionIds.length > 0) await db.deleteFrom("push_subscriptions").where("session_id", "in", sessionIds).execute();
}

/** Revokes all sessions of the user; also for the command line, while no server runs. Returns the ids of those revoked. */
export async function revokeAllSessions(db: Db, userId: number, now: number): Promise<string[]> {
  const rows = await db
    .updateTable("sessions")
    .set({ revoked_at: now })
    .where("user_id", "=", userId)
    .where("revoked_at", "is", null)
    .returning("id")
    .execute();
  await db.deleteFrom("push_subscriptions").where("user_id", "=", userId).execute();
  return rows.map((row) => row.id);
}

/** Sessions revoked at or after the given time. */
export const sessionsRevokedSince = compiledOnce((db, since: number) =>
  db.selectFrom("sessions").where("revoked_at", ">=", since).select(["id", "user_id"]),
);

/** Deletes sessions that expired or were revoked before the given time. */
export async function deleteEndedSessions(db: Db, before: number): Promise<void> {
  await db
    .deleteFrom("sessions")
    .where((where) => where.or([where("expires_at", "<", before), where("revoked_at", "<", before)]))
    .execute();
}

/** Forgets the addresses of sessions that were used last before the given time. */
export async function forgetAddresses(db: Db, before: number): Promise<void> {
  await db
    .updateTable("sessions")
    .set({ address: "" })
    .where("last_used_at", "<", before)
    .where("address", "!=", "")
    .execute();
}

/** The session, live or not. */
export function sessionById(db: Db, sessionId: string): Promise<SessionRow | undefined> {
  return db.selectFrom("sessions").where("id", "=", sessionId).selectAll().executeTakeFirst();
}

/**
 * The session when it has not been revoked, which nobody does before the end of the transaction: a write that changes nothing
 * keeps the row.
 */
export function holdSession(db: Db, sessionId: string): Promise<SessionRow | undefined> {
  return db
    .updateTable("sessions")
    .set({ revoked_at: null })
    .where("id", "=", sessionId)
    .where("revoked_at", "is", null)
    .returningAll()
    .executeTakeFirst();
}

/** The bearer of the session has just proved who they are. */
export async function confirmSession(db: Db, sessionId: string, now: number): Promise<void> {
  await db.updateTable("sessions").set({ confirmed_at: now }).where("id", "=", sessionId).execute();
}
