import { randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import type { Tables } from "../schema.ts";
import { programs, type WebhookRow } from "../webhook-tables.ts";

type Db = Kysely<Tables>;

/** What messages show that were sent before webhooks kept their names; nothing else shows it. */
const displayName = "Webhook";
const avatarColor = "#5865f2";

/**
 * Must run inside a transaction. The row of `users` counts as deleted from the start, so that it is no account anywhere:
 * nobody finds it, logs in to it or writes to it.
 */
export async function insertWebhook(
  db: Db,
  webhook: Omit<WebhookRow, "id" | "last_used_at" | "picture">,
): Promise<WebhookRow> {
  // No username holds a colon.
  const username = `webhook:${randomBytes(12).toString("hex")}`;
  const { id } = await db
    .insertInto("users")
    .values({
      username,
      username_key: username,
      username_skeleton: username,
      email: "",
      password_hash: "",
      display_name: displayName,
      display_name_key: "",
      avatar_color: avatarColor,
      is_admin: 0,
      locale: null,
      theme: "system",
      status: "invisible",
      messages_from: "nobody",
      created_at: webhook.created_at,
      deleted_at: webhook.created_at,
      program: programs.webhook,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return db
    .insertInto("webhooks")
    .values({ ...webhook, id })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export function webhookById(db: Db, id: number): Promise<WebhookRow | undefined> {
  return db.selectFrom("webhooks").where("id", "=", id).selectAll().executeTakeFirst();
}

/** In the order in which they were made. */
export function webhooksOf(db: Db, serverId: number): Promise<WebhookRow[]> {
  return db.selectFrom("webhooks").where("server_id", "=", serverId).orderBy("id").selectAll().execute();
}

export async function countWebhooksIn(db: Db, channelId: number): Promise<number> {
  const row = await db
    .selectFrom("webhooks")
    .where("channel_id", "=", channelId)
    .select(({ fn }) => fn.countAll<number | string>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export async function updateWebhook(
  db: Db,
  id: number,
  change: Partial<Pick<WebhookRow, "name" | "channel_id" | "created_by" | "token_digest" | "last_used_at" | "picture">>,
): Promise<void> {
  await db.updateTable("webhooks").set(change).where("id", "=", id).execute();
}

/** The row of `users` stays for the messages. False when it was gone. */
export async function deleteWebhook(db: Db, id: number): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom("webhooks").where("id", "=", id).executeTakeFirst();
  return numDeletedRows === 1n;
}
