import { sql, type Kysely } from "kysely";
import type { Tables } from "../schema.ts";
import type { WebhookRow } from "../webhook-tables.ts";
import { deletePictures } from "./pictures.ts";

type Db = Kysely<Tables>;

/** Of one webhook. Messages that were sent under an older one show none. */
const mostPictures = 50;
/** Of all webhooks of a server, those that are deleted among them: anybody who manages webhooks makes any number of them. */
const mostOfServer = 500;

/** What is known of the address with this digest; undefined: nothing. */
export function knownPicture(
  db: Db,
  webhookId: number,
  digest: string,
): Promise<{ picture: string | null; expires_at: number } | undefined> {
  return db
    .selectFrom("webhook_pictures")
    .where("webhook_id", "=", webhookId)
    .where("digest", "=", digest)
    .select(["picture", "expires_at"])
    .executeTakeFirst();
}

/**
 * Notes the picture, or with null that there is none, and removes the oldest beyond what a webhook and a server may have. Returns
 * pictures that were removed, this one among them when another one was noted first. Must run inside a transaction.
 */
export async function notePicture(
  db: Db,
  { id: webhook_id, server_id }: Pick<WebhookRow, "id" | "server_id">,
  { digest, picture, expiresAt }: { digest: string; picture: string | null; expiresAt: number },
): Promise<string[]> {
  const noted = await db
    .insertInto("webhook_pictures")
    .values({ server_id, webhook_id, digest, picture, expires_at: expiresAt })
    .onConflict((conflict) =>
      conflict
        .columns(["webhook_id", "digest"])
        .doUpdateSet({ picture, expires_at: expiresAt })
        .where("webhook_pictures.picture", "is", null),
    )
    .executeTakeFirst();
  const isNoted = Number(noted.numInsertedOrUpdatedRows ?? 0) > 0;
  const removed = isNoted || picture === null ? [] : [picture];
  removed.push(...(await deleteOldest(db, server_id, { column: "webhook_id", id: webhook_id, kept: mostPictures })));
  removed.push(...(await deleteOldest(db, server_id, { column: "server_id", id: server_id, kept: mostOfServer })));
  if (removed.length > 0) await deletePictures(db, removed);
  return removed;
}

/**
 * All but the latest of a webhook or a server, and but those that a webhook has as its own. Addresses without a picture go first:
 * anybody makes them up by the dozen, and messages would lose the pictures that they show. Returns the pictures.
 */
async function deleteOldest(
  db: Db,
  serverId: number,
  { column, id, kept }: { column: "webhook_id" | "server_id"; id: number; kept: number },
): Promise<string[]> {
  const oldest = await db
    .selectFrom("webhook_pictures")
    .where(column, "=", id)
    .orderBy(sql`case when picture is null then 1 else 0 end`)
    .orderBy("id", "desc")
    .offset(kept)
    .limit(mostPictures)
    .select(["id", "picture"])
    .execute();
  if (oldest.length === 0) return [];
  const webhooks = await db
    .selectFrom("webhooks")
    .where("server_id", "=", serverId)
    .where("picture", "is not", null)
    .select("picture")
    .execute();
  const own = new Set(webhooks.map(({ picture }) => picture));
  const over = oldest.filter(({ picture }) => picture === null || !own.has(picture));
  if (over.length === 0) return [];
  const ids = over.map((row) => row.id);
  await db.deleteFrom("webhook_pictures").where("id", "in", ids).execute();
  return over.flatMap(({ picture }) => picture ?? []);
}

/** Those of the server; returns their pictures. */
export async function deleteWebhookPicturesOf(db: Db, serverId: number): Promise<string[]> {
  const rows = await db.deleteFrom("webhook_pictures").where("server_id", "=", serverId).returning("picture").execute();
  return rows.flatMap(({ picture }) => picture ?? []);
}
