import type { Ban } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { presentUser } from "../present-message.ts";
import type { Tables } from "../schema.ts";
import { userColumns } from "./users.ts";

type Db = Kysely<Tables>;

/** Does nothing when the user is banned already. */
export async function insertBan(
  db: Db,
  ban: { serverId: number; userId: number; bannedBy: number; now: number },
): Promise<void> {
  await db
    .insertInto("bans")
    .values({ server_id: ban.serverId, user_id: ban.userId, banned_by: ban.bannedBy, created_at: ban.now })
    .onConflict((conflict) => conflict.columns(["server_id", "user_id"]).doNothing())
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

export async function isBanned(db: Db, serverId: number, userId: number): Promise<boolean> {
  const row = await db
    .selectFrom("bans")
    .where("server_id", "=", serverId)
    .where("user_id", "=", userId)
    .select("user_id")
    .executeTakeFirst();
  return row !== undefined;
}

/** The server's bans, latest first. */
export async function bansOf(db: Db, serverId: number): Promise<Ban[]> {
  const rows = await db
    .selectFrom("bans")
    .innerJoin("users", "users.id", "bans.user_id")
    .innerJoin("users as banner", "banner.id", "bans.banned_by")
    .where("bans.server_id", "=", serverId)
    .orderBy("bans.created_at", "desc")
    .select(userColumns)
    .select(["bans.created_at", "banner.id as banner_id", "banner.username as banner_username"])
    .select(["banner.display_name as banner_display_name", "banner.avatar_color as banner_avatar_color"])
    .execute();
  return rows.map((row) => ({
    user: presentUser(row),
    banned_at: new Date(row.created_at).toISOString(),
    banned_by: presentUser({
      id: row.banner_id,
      username: row.banner_username,
      display_name: row.banner_display_name,
      avatar_color: row.banner_avatar_color,
    }),
  }));
}
