import type { Ban } from "@miscord/protocol";
import { expressionBuilder, type Kysely } from "kysely";
import { presentUser } from "../present-message.ts";
import type { Tables } from "../schema.ts";
import { isoOf } from "./members.ts";
import { userColumns } from "./users.ts";

type Db = Kysely<Tables>;

/** Bans the user, or changes the reason and the end of their ban. */
export async function insertBan(
  db: Db,
  ban: {
    serverId: number;
    userId: number;
    bannedBy: number;
    now: number;
    reason?: string | undefined;
    /** Null: never. */
    expiresAt?: number | null | undefined;
  },
): Promise<void> {
  const fields = {
    banned_by: ban.bannedBy,
    created_at: ban.now,
    reason: ban.reason || null,
    expires_at: ban.expiresAt ?? null,
  };
  await db
    .insertInto("bans")
    .values({ server_id: ban.serverId, user_id: ban.userId, ...fields })
    .onConflict((conflict) => conflict.columns(["server_id", "user_id"]).doUpdateSet(fields))
    .execute();
}

/** Returns false when the user was not banned. */
export async function deleteBan(db: Db, serverId: number, userId: number): Promise<boolean> {
  const result = await db
    .deleteFrom("bans")
    .where("server_id", "=", serverId)
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}

export async function isBanned(db: Db, serverId: number, userId: number, now: number): Promise<boolean> {
  const row = await db
    .selectFrom("bans")
    .where("server_id", "=", serverId)
    .where("user_id", "=", userId)
    .where(isInForce(now))
    .select("user_id")
    .executeTakeFirst();
  return row !== undefined;
}

/** Most bans listed at once. */
const listedAtMost = 1_000;

/** Deletes bans that ended before the time. */
export async function deleteBansBefore(db: Db, before: number): Promise<void> {
  await db.deleteFrom("bans").where("expires_at", "<", before).execute();
}

function isInForce(now: number) {
  const where = expressionBuilder<Tables, "bans">();
  return where.or([where("bans.expires_at", "is", null), where("bans.expires_at", ">", now)]);
}

/** The server's latest bans in force, latest first. */
export async function bansOf(db: Db, serverId: number, now: number): Promise<Ban[]> {
  const rows = await db
    .selectFrom("bans")
    .innerJoin("users", "users.id", "bans.user_id")
    .innerJoin("users as banner", "banner.id", "bans.banned_by")
    .where("bans.server_id", "=", serverId)
    .where(isInForce(now))
    .orderBy("bans.created_at", "desc")
    .limit(listedAtMost)
    .select(userColumns)
    .select([
      "bans.reason",
      "bans.expires_at",
      "bans.created_at",
      "banner.id as banner_id",
      "banner.username as banner_username",
    ])
    .select([
      "banner.display_name as banner_display_name",
      "banner.avatar_color as banner_avatar_color",
      "banner.picture as banner_picture",
      "banner.program as banner_program",
    ])
    .execute();
  return rows.map((row) => ({
    user: presentUser(row),
    banned_at: new Date(row.created_at).toISOString(),
    reason: row.reason,
    expires_at: isoOf(row.expires_at),
    banned_by: presentUser({
      id: row.banner_id,
      username: row.banner_username,
      display_name: row.banner_display_name,
      avatar_color: row.banner_avatar_color,
      picture: row.banner_picture,
      program: row.banner_program,
    }),
  }));
}
