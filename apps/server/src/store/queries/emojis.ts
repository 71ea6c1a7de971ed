import type { CustomEmoji } from "@miscord/protocol";
import type { Kysely } from "kysely";
import type { EmojiRow } from "../emoji-tables.ts";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

/** Both have the same columns. */
export type EmojiTable = "emojis" | "stickers";

/** Emoji or stickers of the servers, ascending by their ids. */
export function emojisOfServers(db: Db, table: EmojiTable, serverIds: readonly number[]): Promise<EmojiRow[]> {
  if (serverIds.length === 0) return Promise.resolve([]);
  return db.selectFrom(table).where("server_id", "in", serverIds).orderBy("id").selectAll().execute();
}

/** Bytes of all emoji, stickers and sounds in the servers of whoever owns this one. */
export async function expressionBytes(db: Db, serverId: number): Promise<number> {
  const servers = db
    .selectFrom("servers")
    .innerJoin("servers as own", "own.owner_id", "servers.owner_id")
    .where("servers.id", "=", serverId)
    .select("own.id");
  const bytesOf = (table: EmojiTable) =>
    db
      .selectFrom(`${table} as one`)
      .innerJoin("pictures", "pictures.id", "one.picture_id")
      .where("one.server_id", "in", servers)
      .select(({ fn }) => fn.sum<number | string | null>("pictures.bytes").as("bytes"))
      .executeTakeFirst();
  const ofSounds = db
    .selectFrom("sounds")
    .where("server_id", "in", servers)
    .select(({ fn }) => fn.sum<number | string | null>("bytes").as("bytes"))
    .executeTakeFirst();
  const sums = await Promise.all([bytesOf("emojis"), bytesOf("stickers"), ofSounds]);
  return sums.reduce((all, sum) => all + Number(sum?.bytes ?? 0), 0);
}

/** Those of the servers as clients see them, by server. */
export async function emojisByServers(
  db: Db,
  table: EmojiTable,
  serverIds: readonly number[],
): Promise<Map<number, CustomEmoji[]>> {
  const byServer = Map.groupBy(await emojisOfServers(db, table, serverIds), (row) => row.server_id);
  return new Map([...byServer].map(([serverId, rows]) => [serverId, rows.map(presentEmoji)]));
}

export function emojiById(db: Db, table: EmojiTable, id: number): Promise<EmojiRow | undefined> {
  return db.selectFrom(table).where("id", "=", id).selectAll().executeTakeFirst();
}

/** Those among the ids that belong to servers of which the user is a member. */
export function emojisOfMember(
  db: Db,
  table: EmojiTable,
  { userId, ids }: { userId: number; ids: readonly number[] },
): Promise<EmojiRow[]> {
  return db
    .selectFrom(`${table} as own`)
    .innerJoin("members", "members.server_id", "own.server_id")
    .where("members.user_id", "=", userId)
    .where("own.id", "in", ids)
    .selectAll("own")
    .execute();
}

/** False: the server has one of this name, or this id is taken. */
export async function insertEmoji(db: Db, table: EmojiTable, row: EmojiRow): Promise<boolean> {
  const result = await db
    .insertInto(table)
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows) > 0;
}

export async function updateEmoji(
  db: Db,
  table: EmojiTable,
  { id, ...change }: Pick<EmojiRow, "id" | "name" | "aliases">,
): Promise<void> {
  await db.updateTable(table).set(change).where("id", "=", id).execute();
}

/** False: it was gone. */
export async function deleteEmoji(db: Db, table: EmojiTable, id: number): Promise<boolean> {
  const result = await db.deleteFrom(table).where("id", "=", id).executeTakeFirst();
  return Number(result.numDeletedRows) > 0;
}

export function presentEmoji({ id, name, animated, aliases }: EmojiRow): CustomEmoji {
  return { id, name, animated: animated === 1, aliases: JSON.parse(aliases) as string[] };
}

/** Those of the server; returns their pictures. */
export async function deleteEmojisOf(db: Db, table: EmojiTable, serverId: number): Promise<string[]> {
  const rows = await db.deleteFrom(table).where("server_id", "=", serverId).returning("picture_id").execute();
  return rows.map((row) => row.picture_id);
}
