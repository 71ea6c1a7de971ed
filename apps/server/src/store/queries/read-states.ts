import type { Kysely, OnConflictBuilder } from "kysely";
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
    .onConflict(raise)
    .execute();
}

function raise(conflict: OnConflictBuilder<Tables, "read_states">) {
  return conflict
    .columns(["user_id", "channel_id"])
    .doUpdateSet((set) => ({ seq: set.ref("excluded.seq") }))
    .whereRef("read_states.seq", "<", "excluded.seq");
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

/**
 * Marks every channel of the server read for a new member, so that earlier messages are not unread. One statement
 * however many there are: threads and posts count too, and members can make tens of thousands of those.
 */
export async function readWholeServer(db: Db, userId: number, serverId: number): Promise<void> {
  await db
    .insertInto("read_states")
    .columns(["user_id", "channel_id", "seq"])
    .expression((eb) =>
      eb
        .selectFrom("channels")
        .where("server_id", "=", serverId)
        .select((set) => [set.cast<number>(set.val(userId), "bigint").as("user_id"), "id", "seq"]),
    )
    .onConflict(raise)
    .execute();
}
