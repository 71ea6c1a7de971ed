import type { Kysely } from "kysely";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

/** What moderators of a server have imposed on a user in its voice channels. */
export interface VoiceRestraint {
  isMuted: boolean;
  isDeafened: boolean;
}

export async function voiceRestraintOf(db: Db, serverId: number, userId: number): Promise<VoiceRestraint> {
  const found = await voiceRestraintsOf(db, serverId, [userId]);
  return found.get(userId) ?? { isMuted: false, isDeafened: false };
}

/** By user; those on whom nothing is imposed are absent. */
export async function voiceRestraintsOf(
  db: Db,
  serverId: number,
  userIds: readonly number[],
): Promise<Map<number, VoiceRestraint>> {
  if (userIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("voice_restraints")
    .where("server_id", "=", serverId)
    .where("user_id", "in", userIds)
    .selectAll()
    .execute();
  return new Map(rows.map((row) => [row.user_id, { isMuted: row.is_muted === 1, isDeafened: row.is_deafened === 1 }]));
}

export async function setVoiceRestraint(
  db: Db,
  serverId: number,
  userId: number,
  { isMuted, isDeafened }: VoiceRestraint,
): Promise<void> {
  if (!isMuted && !isDeafened) {
    await db.deleteFrom("voice_restraints").where("server_id", "=", serverId).where("user_id", "=", userId).execute();
    return;
  }
  const fields = { is_muted: isMuted ? 1 : 0, is_deafened: isDeafened ? 1 : 0 };
  await db
    .insertInto("voice_restraints")
    .values({ server_id: serverId, user_id: userId, ...fields })
    .onConflict((conflict) => conflict.columns(["server_id", "user_id"]).doUpdateSet(fields))
    .execute();
}
