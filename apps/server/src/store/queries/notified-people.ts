import type { Kysely } from "kysely";
import type { Tables } from "../schema.ts";

/** Number of people whom the message notifies; null when it has been deleted or addresses no group any more. */
export async function countNotified(db: Kysely<Tables>, messageId: number): Promise<number | null> {
  const found = await db
    .selectFrom("messages")
    .where("messages.id", "=", messageId)
    .where((is) => is.or([is("messages.mentions_everyone", "!=", 0), is("messages.mention_roles", "is not", null)]))
    .select((message) =>
      message
        .selectFrom("notifications")
        .whereRef("notifications.message_id", "=", "messages.id")
        .select(({ fn }) => fn.countAll<number>().as("count"))
        .as("count"),
    )
    .executeTakeFirst();
  return found?.count ?? null;
}
