import type { Kysely } from "kysely";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

/** Id of the latest message; 0 without any. */
export async function latestMessage(db: Db): Promise<number> {
  const row = await db.selectFrom("messages").select("id").orderBy("id", "desc").limit(1).executeTakeFirst();
  return row?.id ?? 0;
}

/** What happened since a moment, in seconds since the epoch, and after a message. */
export async function countSince(
  db: Db,
  { since, after_message: after }: { readonly since: number; readonly after_message: number },
): Promise<{ accounts: number; messages: number; afterMessage: number }> {
  const [accounts, messages, afterMessage] = await Promise.all([
    db
      .selectFrom("sessions")
      .where("last_used_at", ">=", since * 1_000)
      .select(({ fn }) => fn.count<number | bigint | string>("user_id").distinct().as("count"))
      .executeTakeFirstOrThrow(),
    db
      .selectFrom("messages")
      .where("id", ">", after)
      .select(({ fn }) => fn.countAll<number | bigint | string>().as("count"))
      .executeTakeFirstOrThrow(),
    latestMessage(db),
  ]);
  return { accounts: Number(accounts.count), messages: Number(messages.count), afterMessage };
}
