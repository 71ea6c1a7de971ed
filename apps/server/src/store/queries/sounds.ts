import type { ServerSound } from "@miscord/protocol";
import type { Kysely } from "kysely";
import type { Tables } from "../schema.ts";
import type { SoundRow } from "../sound-tables.ts";

type Db = Kysely<Tables>;

/** Ascending by their ids. */
export function soundsOfServers(db: Db, serverIds: readonly number[]): Promise<SoundRow[]> {
  if (serverIds.length === 0) return Promise.resolve([]);
  return db.selectFrom("sounds").where("server_id", "in", serverIds).orderBy("id").selectAll().execute();
}

export function soundById(db: Db, id: number): Promise<SoundRow | undefined> {
  return db.selectFrom("sounds").where("id", "=", id).selectAll().executeTakeFirst();
}

/** The sound, if the user is a member of its server. */
export function soundOfMember(db: Db, userId: number, id: number): Promise<SoundRow | undefined> {
  return db
    .selectFrom("sounds")
    .innerJoin("members", "members.server_id", "sounds.server_id")
    .where("members.user_id", "=", userId)
    .where("sounds.id", "=", id)
    .selectAll("sounds")
    .executeTakeFirst();
}

/**
 * Inserts the sound of a file that was noted as unfinished. False when the file has been given up, because it took so long. Must
 * run inside a transaction.
 */
export async function insertSound(db: Db, row: SoundRow): Promise<boolean> {
  const noted = await db.deleteFrom("removed_files").where("storage_key", "=", row.file_id).executeTakeFirst();
  if (noted.numDeletedRows === 0n) return false;
  await db.insertInto("sounds").values(row).execute();
  return true;
}

export async function updateSound(
  db: Db,
  { id, ...change }: Pick<SoundRow, "id" | "name" | "emoji" | "volume">,
): Promise<void> {
  await db.updateTable("sounds").set(change).where("id", "=", id).execute();
}

/** Its file goes into `removed_files`. False: it was gone. Must run inside a transaction. */
export async function deleteSound(db: Db, id: number): Promise<boolean> {
  const row = await db.deleteFrom("sounds").where("id", "=", id).returning("file_id").executeTakeFirst();
  if (row) await giveUpFiles(db, [row.file_id]);
  return row !== undefined;
}

/** Those of the server, as `deleteSound`. */
export async function deleteSoundsOf(db: Db, serverId: number): Promise<void> {
  const rows = await db.deleteFrom("sounds").where("server_id", "=", serverId).returning("file_id").execute();
  await giveUpFiles(
    db,
    rows.map((row) => row.file_id),
  );
}

/** Sounds whose files have a higher id, in the order of these ids. */
export function soundFilesAfter(
  db: Db,
  fileId: string,
  limit: number,
): Promise<Pick<SoundRow, "id" | "file_id" | "bytes">[]> {
  return db
    .selectFrom("sounds")
    .select(["id", "file_id", "bytes"])
    .where("file_id", ">", fileId)
    .orderBy("file_id")
    .limit(limit)
    .execute();
}

export function presentSound({ id, name, emoji, volume, duration_ms }: SoundRow): ServerSound {
  return { id, name, emoji, volume, duration_ms };
}

async function giveUpFiles(db: Db, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await db
    .insertInto("removed_files")
    .values(keys.map((key) => ({ storage_key: key })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
