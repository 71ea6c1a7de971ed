import type { Draft } from "@miscord/protocol";
import { sql, type Kysely } from "kysely";
import type { Tables } from "../schema.ts";
import { canSeeChannel } from "./visible-channels.ts";

type Db = Kysely<Tables>;

/** Drafts of the user in channels that they see, those that were cleared too. */
export function draftsOf(db: Db, userId: number): Promise<Draft[]> {
  return db
    .selectFrom("drafts")
    .where("user_id", "=", userId)
    .where((is) => canSeeChannel(db, is.ref("drafts.user_id"), is.ref("drafts.channel_id")))
    .orderBy("rev")
    .select(["channel_id", "text", "rev"])
    .execute();
}

/** Replaces the draft; resolves with its new revision, which is above the former one whatever the clocks of the nodes say. */
export async function putDraft(
  db: Db,
  { userId, channelId, text }: { userId: number; channelId: number; text: string },
  now: number,
): Promise<number> {
  const { rev } = await db
    .insertInto("drafts")
    .values({ user_id: userId, channel_id: channelId, text, rev: now })
    .onConflict((conflict) =>
      conflict.columns(["user_id", "channel_id"]).doUpdateSet({
        text,
        rev: sql<number>`case when excluded.rev > drafts.rev then excluded.rev else drafts.rev + 1 end`,
      }),
    )
    .returning("rev")
    .executeTakeFirstOrThrow();
  return rev;
}

/** Deletes those that were changed longest ago, but for the latest `count`. */
export async function keepLatestDrafts(db: Db, userId: number, count: number): Promise<void> {
  const beyond = await db
    .selectFrom("drafts")
    .where("user_id", "=", userId)
    .orderBy("rev", "desc")
    .offset(count)
    .limit(1)
    .select("rev")
    .executeTakeFirst();
  if (beyond) await db.deleteFrom("drafts").where("user_id", "=", userId).where("rev", "<=", beyond.rev).execute();
}
