import type { OwnVote, Voters } from "@miscord/protocol";
import { sql, type Kysely } from "kysely";
import type { PollRow } from "../poll-tables.ts";
import { placesOf, presentUser } from "../present-message.ts";
import type { Tables } from "../schema.ts";

export function pollOf(db: Kysely<Tables>, messageId: number): Promise<PollRow | undefined> {
  return db.selectFrom("polls").where("message_id", "=", messageId).selectAll().executeTakeFirst();
}

export async function voteOf(db: Kysely<Tables>, messageId: number, userId: number): Promise<OwnVote> {
  const row = await db
    .selectFrom("ballots")
    .where("message_id", "=", messageId)
    .where("user_id", "=", userId)
    .select(["answers", "seq"])
    .executeTakeFirst();
  return row ? { answers: placesOf(row.answers), seq: row.seq } : { answers: [], seq: 0 };
}

/** Those who chose the answer, by their ids. */
export async function votersOf(
  db: Kysely<Tables>,
  { messageId, answer, after }: { messageId: number; answer: number; after: number },
  limit: number,
): Promise<Voters> {
  const rows = await db
    .selectFrom("ballots as b")
    .innerJoin("users as u", "u.id", "b.user_id")
    .where("b.message_id", "=", messageId)
    .where("b.user_id", ">", after)
    .where(sql<string>`',' || b.answers || ','`, "like", `%,${answer},%`)
    .orderBy("b.user_id")
    .limit(limit + 1)
    .select(["u.id", "u.username", "u.display_name", "u.avatar_color", "u.picture", "u.program"])
    .execute();
  return { users: rows.slice(0, limit).map(presentUser), has_more: rows.length > limit };
}
