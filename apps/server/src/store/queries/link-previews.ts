import type { Kysely } from "kysely";
import type { LinkPreviewsTable } from "../message-tables.ts";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

/** What was read of the page with this address, and has not expired; undefined: nothing. */
export function readPreview(
  db: Db,
  digest: string,
  now: number,
): Promise<Pick<LinkPreviewsTable, "embed"> | undefined> {
  return db
    .selectFrom("link_previews")
    .where("digest", "=", digest)
    .where("expires_at", ">", now)
    .orderBy("expires_at", "desc")
    .limit(1)
    .select("embed")
    .executeTakeFirst();
}

export async function putPreview(
  db: Db,
  row: Pick<LinkPreviewsTable, "digest" | "embed" | "picture" | "expires_at">,
): Promise<void> {
  await db.insertInto("link_previews").values(row).execute();
}

/** The oldest that have expired, and whether a message shows their picture. */
export async function expiredPreviews(
  db: Db,
  { before, limit }: { before: number; limit: number },
): Promise<{ id: number; picture: string | null; isShown: boolean }[]> {
  const rows = await db
    .selectFrom("link_previews")
    .where("expires_at", "<", before)
    .orderBy("expires_at")
    .limit(limit)
    .select(["id", "picture"])
    .select((select) =>
      select
        .exists(
          select
            .selectFrom("preview_pictures")
            .whereRef("preview_pictures.picture", "=", "link_previews.picture")
            .select("preview_pictures.message_id"),
        )
        .as("shown"),
    )
    .execute();
  return rows.map(({ id, picture, shown }) => ({ id, picture, isShown: Boolean(shown) }));
}

/** Keeps their pictures until then; what was read of the pages is forgotten. */
export async function keepPictures(db: Db, ids: readonly number[], until: number): Promise<void> {
  if (ids.length === 0) return;
  const forgotten = { digest: "", embed: null, expires_at: until };
  await db.updateTable("link_previews").set(forgotten).where("id", "in", ids).execute();
}

export async function deletePreviews(db: Db, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await db.deleteFrom("link_previews").where("id", "in", ids).execute();
}

/** Whether pages that messages of the server link to are read. */
export async function serverShowsPreviews(db: Db, serverId: number): Promise<boolean> {
  const row = await db.selectFrom("servers").where("id", "=", serverId).select("link_previews").executeTakeFirst();
  return row?.link_previews === 1;
}
