import type { Kysely } from "kysely";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

/** The user has read the channel up to `seq`. */
export interface ReadMark {
  userId: number;
  channelId: number;
  seq: number;
}

/** Raises read positions; higher ones stay. A user and channel may be in the list only once. */
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

/** Lowers the user's read position, and begins another generation of it; a lower one stays. */
export async function lowerReadState(db: Db, { userId, channelId, seq }: ReadMark): Promise<void> {
  await db
    .updateTable("read_states")
    .set((set) => ({ seq, generation: set("generation", "+", 1) }))
    .where("user_id", "=", userId)
    .where("channel_id", "=", channelId)
    .where("seq", ">", seq)
    .execute();
}

/** Marks every channel of the server read for a new member, so that earlier messages are not unread. */
export async function readWholeServer(db: Db, userId: number, serverId: number): Promise<void> {
  const channels = await db.selectFrom("channels").where("server_id", "=", serverId).select(["id", "seq"]).execute();
  if (channels.length === 0) return;
  await raiseReadStates(
    db,
    channels.map(({ id, seq }) => ({ userId, channelId: id, seq })),
  );
}
