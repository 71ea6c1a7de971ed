import { sql, type Kysely } from "kysely";
import type { BotRow } from "../webhook-tables.ts";
import type { Tables, UserRow } from "../schema.ts";
import { revokeAllSessions } from "./sessions.ts";
import { userColumns } from "./users.ts";

type Db = Kysely<Tables>;

export async function insertBot(db: Db, bot: BotRow): Promise<void> {
  await db.insertInto("bots").values(bot).execute();
}

/** The bots of the person with their profiles, in the order in which they were made. */
export function botsOf(db: Db, ownerId: number) {
  return db
    .selectFrom("bots")
    .innerJoin("users", "users.id", "bots.user_id")
    .where("bots.owner_id", "=", ownerId)
    .where("users.deletion_at", "is", null)
    .where("users.deleted_at", "is", null)
    .orderBy("bots.user_id")
    .select(userColumns)
    .select("bots.created_at")
    .execute();
}

/** How many bots the person has, with those whose removal has not come to its end. */
export async function countBots(db: Db, ownerId: number): Promise<number> {
  const { count } = await db
    .selectFrom("bots")
    .where("owner_id", "=", ownerId)
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

/** Ids of the bots of these people. */
export async function botIdsOf(db: Db, ownerIds: readonly number[]): Promise<number[]> {
  if (ownerIds.length === 0) return [];
  const rows = await db.selectFrom("bots").where("owner_id", "in", ownerIds).select("user_id").execute();
  return rows.map((row) => row.user_id);
}

/** Owners of those of the users that are bots, by the bot's id. */
export async function ownersOfBots(db: Db, userIds: readonly number[]): Promise<Map<number, number>> {
  if (userIds.length === 0) return new Map();
  const rows = await db.selectFrom("bots").where("user_id", "in", userIds).select(["user_id", "owner_id"]).execute();
  return new Map(rows.map((row) => [row.user_id, row.owner_id]));
}

export type TokenBot = UserRow & Pick<BotRow, "session_id" | "owner_id">;

/** The bot with the token, while it and its owner may be used. */
export function botByToken(db: Db, tokenDigest: string): Promise<TokenBot | undefined> {
  return db
    .selectFrom("bots")
    .innerJoin("users", "users.id", "bots.user_id")
    .innerJoin("users as owners", "owners.id", "bots.owner_id")
    .where("bots.token_digest", "=", tokenDigest)
    .where("users.disabled_at", "is", null)
    .where("users.deletion_at", "is", null)
    .where("users.deleted_at", "is", null)
    .where("owners.disabled_at", "is", null)
    .where("owners.deletion_at", "is", null)
    .where("owners.deleted_at", "is", null)
    .selectAll("users")
    .select(["bots.session_id", "bots.owner_id"])
    .executeTakeFirst();
}

export async function setBotToken(
  db: Db,
  userId: number,
  change: Pick<BotRow, "token_digest" | "session_id">,
): Promise<void> {
  await db.updateTable("bots").set(change).where("user_id", "=", userId).execute();
}

/** Ends all sessions of the person and of their bots, which are out with them. Returns the ids of those ended, by user. */
export async function revokeWithBots(db: Db, userId: number, now: number): Promise<Map<number, string[]>> {
  const ended = new Map<number, string[]>();
  for (const id of [userId, ...(await botIdsOf(db, [userId]))]) ended.set(id, await revokeAllSessions(db, id, now));
  return ended;
}

/** No token opens the bots of the person until they have new ones, and their connections end. */
export async function voidBotTokens(db: Db, ownerId: number, now: number): Promise<void> {
  const ids = await botIdsOf(db, [ownerId]);
  for (const id of ids) await revokeAllSessions(db, id, now);
  // No digest: nothing has it.
  if (ids.length > 0)
    await db
      .updateTable("bots")
      .set({ token_digest: sql`'void ' || user_id` })
      .where("user_id", "in", ids)
      .execute();
}

/** Bots of the person that are members of the server. */
export function botsInServer(db: Db, serverId: number, ownerId: number) {
  return db
    .selectFrom("bots")
    .innerJoin("users", "users.id", "bots.user_id")
    .innerJoin("members", "members.user_id", "bots.user_id")
    .where("bots.owner_id", "=", ownerId)
    .where("members.server_id", "=", serverId)
    .select(["users.id", "users.username"])
    .execute();
}
