import type { Ring } from "@miscord/protocol";
import { sql, type Kysely, type Selectable } from "kysely";
import { recipientsWhere, type RecipientFacts } from "../private-sql.ts";
import type { RingsTable, Tables } from "../schema.ts";

type Db = Kysely<Tables>;
type CallRow = Selectable<Tables["calls"]>;

/** Whom a call rings, by channel, as this user is told: without rings that are kept from them. `only`: in one channel. */
export async function ringsFor(db: Db, userId: number, only?: number): Promise<Map<number, Ring[]>> {
  const rows = await db
    .selectFrom("recipients")
    .innerJoin("rings", "rings.channel_id", "recipients.channel_id")
    .where("recipients.user_id", "=", userId)
    .$if(only !== undefined, (query) => query.where("rings.channel_id", "=", only!))
    .where((where) => where.or([where("rings.is_silent", "=", 0), where("rings.user_id", "!=", userId)]))
    .orderBy("rings.user_id")
    .selectAll("rings")
    .execute();
  return new Map([...Map.groupBy(rows, (row) => row.channel_id)].map(([id, all]) => [id, all.map(presentRing)]));
}

export function presentRing({
  user_id,
  caller_id,
  token,
  ends_at,
}: Omit<RingsTable, "channel_id" | "is_silent">): Ring {
  return { user_id, caller_id, token, ends_at: new Date(ends_at).toISOString() };
}

/** The people of a private channel, with what decides whom a call rings. */
export async function peopleOfCall(db: Db, channelId: number): Promise<RecipientFacts[]> {
  return (await sql<RecipientFacts>`${sql.raw(recipientsWhere("r.channel_id = "))}${channelId}`.execute(db)).rows;
}

/** Those of its people who are told of the channel's call: for whom it is no request. */
export function audienceOf(db: Db, channelId: number): Promise<number[]> {
  return recipientIds(db, channelId, "=");
}

/** Those who have not accepted the private channel. */
export function pendingIds(db: Db, channelId: number): Promise<number[]> {
  return recipientIds(db, channelId, "!=");
}

/** `request` is 0 for those who have accepted the channel. */
async function recipientIds(db: Db, channelId: number, isOrNot: "=" | "!="): Promise<number[]> {
  const rows = await db
    .selectFrom("recipients")
    .where("channel_id", "=", channelId)
    .where("request", isOrNot, 0)
    .select("user_id")
    .execute();
  return rows.map((row) => row.user_id);
}

export function callOf(db: Db, channelId: number): Promise<CallRow | undefined> {
  return db.selectFrom("calls").where("channel_id", "=", channelId).selectAll().executeTakeFirst();
}

/** Calls that have not left their line yet. */
export function allCalls(db: Db): Promise<Pick<CallRow, "channel_id" | "token">[]> {
  return db.selectFrom("calls").select(["channel_id", "token"]).execute();
}

/** One that there is stays. */
export async function insertCall(db: Db, call: CallRow): Promise<void> {
  await db
    .insertInto("calls")
    .values(call)
    .onConflict((conflict) => conflict.column("channel_id").doNothing())
    .execute();
}

/** Notes that somebody else than the caller has entered the call. */
export async function noteAnswer(db: Db, channelId: number, userId: number, now: number): Promise<void> {
  await db
    .updateTable("calls")
    .set({ answered_at: now })
    .where("channel_id", "=", channelId)
    .where("caller_id", "!=", userId)
    .where("answered_at", "is", null)
    .execute();
}

/** Whether it was there. */
export async function deleteCall(
  db: Db,
  { channel_id, token }: Pick<CallRow, "channel_id" | "token">,
): Promise<boolean> {
  const result = await db
    .deleteFrom("calls")
    .where("channel_id", "=", channel_id)
    .where("token", "=", token)
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}

/** Adds the rings of those who are not rung already; returns the tokens of those that were added. */
export async function insertRings(db: Db, rings: readonly RingsTable[]): Promise<ReadonlySet<string>> {
  if (rings.length === 0) return new Set();
  const rows = await db
    .insertInto("rings")
    .values(rings)
    .onConflict((conflict) => conflict.columns(["channel_id", "user_id"]).doNothing())
    .returning("token")
    .execute();
  return new Set(rows.map((row) => row.token));
}

/** Of these tokens those whose rings are not over. */
export async function ringsLeft(db: Db, tokens: readonly string[]): Promise<ReadonlySet<string>> {
  if (tokens.length === 0) return new Set();
  const rows = await db.selectFrom("rings").where("token", "in", tokens).select("token").execute();
  return new Set(rows.map((row) => row.token));
}

/** `between`: two people who ring each other, in whichever channel. */
export type RingFilter =
  | { channelId: number; userId?: number }
  | { endedBy: number }
  | { between: readonly [number, number] };

/** Deletes the rings and returns them. */
export async function deleteRings(db: Db, filter: RingFilter): Promise<Selectable<RingsTable>[]> {
  const rings = db.deleteFrom("rings").returningAll();
  if ("endedBy" in filter) return rings.where("ends_at", "<=", filter.endedBy).execute();
  if ("between" in filter) {
    return rings.where("user_id", "in", filter.between).where("caller_id", "in", filter.between).execute();
  }
  const { channelId, userId } = filter;
  return rings
    .where("channel_id", "=", channelId)
    .$if(userId !== undefined, (query) => query.where("user_id", "=", userId!))
    .execute();
}
