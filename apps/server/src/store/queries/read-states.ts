import type { Kysely } from "kysely";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

export interface ReadMark {
  userId: number;
  channelId: number;
  seq: number;
}

/** Moves read positions up; one that already is further stays. Each person and channel at most once in the list. */
export async function raiseReadStates(db: Db, marks: readonly ReadMark[]): Promise<void> {
  await db
    .insertInto("read_states")
    .values(marks.map(({ userId, channelId, seq }) => ({ user_id: userId, channel_id: channelId, seq })))
    .onConflict((conflict) =>
      conflict
        .columns(["user_id", "channel_id"])
        .doUpdateSet((set) => ({ seq: set.ref("excluded.seq") }))
        .whereRef("read_states.seq", "<", "excluded.seq"),
    )
    .execute();
}

/** Puts a new member at the present of every channel: what was said before they came is not unread. */
export async function readWholeServer(db: Db, userId: number, serverId: number): Promise<void> {
  const channels = await db.selectFrom("channels").where("server_id", "=", serverId).select(["id", "seq"]).execute();
  if (channels.length === 0) return;
  await raiseReadStates(
    db,
    channels.map(({ id, seq }) => ({ userId, channelId: id, seq })),
  );
}
