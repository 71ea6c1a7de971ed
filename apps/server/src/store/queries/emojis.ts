import type { CustomEmoji } from "@miscord/protocol";
import type { Kysely } from "kysely";
import type { EmojiRow } from "../emoji-tables.ts";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

/** Emoji of the servers, ascending by their ids. */
export function emojisOfServers(db: Db, serverIds: readonly number[]): Promise<EmojiRow[]> {
  if (serverIds.length === 0) return Promise.resolve([]);
  return db.selectFrom("emojis").where("server_id", "in", serverIds).orderBy("id").selectAll().execute();
}

/** The same as clients see them, by server. */
export async function emojisByServers(db: Db, serverIds: readonly number[]): Promise<Map<number, CustomEmoji[]>> {
  const byServer = Map.groupBy(await emojisOfServers(db, serverIds), (row) => row.server_id);
  return new Map([...byServer].map(([serverId, rows]) => [serverId, rows.map(presentEmoji)]));
}

export function emojiById(db: Db, id: number): Promise<EmojiRow | undefined> {
  return db.selectFrom("emojis").where("id", "=", id).selectAll().executeTakeFirst();
}

/** Those among the ids that belong to servers of which the user is a member. */
export function emojisOfMember(db: Db, userId: number, ids: readonly number[]): Promise<EmojiRow[]> {
  return db
    .selectFrom("emojis")
    .innerJoin("members", "members.server_id", "emojis.server_id")
    .where("members.user_id", "=", userId)
    .where("emojis.id", "in", ids)
    .selectAll("emojis")
    .execute();
}

/** False: the server has an emoji of this name, or this id is taken. */
export async function insertEmoji(db: Db, row: EmojiRow): Promise<boolean> {
  const result = await db
    .insertInto("emojis")
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows) > 0;
}

export async function updateEmoji(db: Db, id: number, change: Pick<EmojiRow, "name" | "aliases">): Promise<void> {
  await db.updateTable("emojis").set(change).where("id", "=", id).execute();
}

/** False: it was gone. */
export async function deleteEmoji(db: Db, id: number): Promise<boolean> {
  const result = await db.deleteFrom("emojis").where("id", "=", id).executeTakeFirst();
  return Number(result.numDeletedRows) > 0;
}

export function presentEmoji({ id, name, animated, aliases }: EmojiRow): CustomEmoji {
  return { id, name, animated: animated === 1, aliases: JSON.parse(aliases) as string[] };
}
