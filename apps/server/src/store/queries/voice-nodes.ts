import type { Kysely } from "kysely";
import type { Tables, VoiceNodeRow } from "../schema.ts";

type Db = Kysely<Tables>;

/** False when there is one of this name. */
export async function insertVoiceNode(
  db: Db,
  node: Pick<VoiceNodeRow, "name" | "digest" | "created_at">,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows = 0n } = await db
    .insertInto("voice_nodes")
    .values(node)
    .onConflict((conflict) => conflict.column("name").doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows > 0n;
}

/** By name. */
export function voiceNodes(db: Db): Promise<VoiceNodeRow[]> {
  return db.selectFrom("voice_nodes").selectAll().orderBy("name").execute();
}

export function voiceNodeByName(db: Db, name: string): Promise<VoiceNodeRow | undefined> {
  return db.selectFrom("voice_nodes").where("name", "=", name).selectAll().executeTakeFirst();
}

/** What was seen of it; none of its token. */
type Seen = Partial<Omit<VoiceNodeRow, "name" | "digest" | "created_at">>;

/** Does nothing when there is none of this name, or when it has another token meanwhile. */
export async function noteVoiceNode(
  db: Db,
  { name, digest }: Pick<VoiceNodeRow, "name" | "digest">,
  seen: Seen,
): Promise<void> {
  await db.updateTable("voice_nodes").set(seen).where("name", "=", name).where("digest", "=", digest).execute();
}

/** A call has left the region, since its participants had no connection there. */
export async function noteGivenUp(db: Db, name: string, now: number): Promise<void> {
  await db.updateTable("voice_nodes").set({ given_up_at: now }).where("name", "=", name).execute();
}

/** False when there was none. */
export async function deleteVoiceNode(db: Db, name: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom("voice_nodes").where("name", "=", name).executeTakeFirst();
  return numDeletedRows > 0n;
}
