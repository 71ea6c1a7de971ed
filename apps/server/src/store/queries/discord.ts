import type { Kysely } from "kysely";
import { chunks } from "../../chunks.ts";
import type { DiscordKind } from "../discord-tables.ts";
import type { Tables } from "../schema.ts";
import { programs } from "../webhook-tables.ts";

type Db = Kysely<Tables>;

/** Of one query: databases take some ten thousand values, and a message of an export may name more. */
const idsAtOnce = 1_000;

/** Ids here by ids of Discord; what was never imported is absent. */
export async function importedItems(
  db: Db,
  kind: DiscordKind,
  discordIds: readonly string[],
): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const ids of chunks(discordIds, idsAtOnce)) {
    const rows = await db
      .selectFrom("discord_items")
      .where("kind", "=", kind)
      .where("discord_id", "in", ids)
      .select(["discord_id", "local_id"])
      .execute();
    for (const row of rows) found.set(row.discord_id, row.local_id);
  }
  return found;
}

/** Must run in the transaction that makes the rows with these ids. */
export async function noteItems(
  db: Db,
  kind: DiscordKind,
  serverId: number,
  items: readonly (readonly [discordId: string, localId: number])[],
): Promise<void> {
  if (items.length === 0) return;
  const rows = items.map(([discordId, localId]) => ({
    kind,
    discord_id: discordId,
    local_id: localId,
    server_id: serverId,
  }));
  await db.insertInto("discord_items").values(rows).execute();
}

/** Users by ids of Discord; authors without a user are absent. */
export async function discordAuthors(db: Db, discordIds: readonly string[]): Promise<Map<string, number>> {
  if (discordIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("discord_authors")
    .where("discord_id", "in", discordIds)
    .select(["discord_id", "user_id"])
    .execute();
  return new Map(rows.map((row) => [row.discord_id, row.user_id]));
}

/** Authors of that name, or with that id, in Discord, and who stands for them. */
export function discordAuthorsNamed(db: Db, name: string) {
  return db
    .selectFrom("discord_authors")
    .innerJoin("users", "users.id", "discord_authors.user_id")
    .where((is) => is.or([is("discord_authors.name", "=", name), is("discord_authors.discord_id", "=", name)]))
    .orderBy("users.id")
    .select(["discord_authors.discord_id", "discord_authors.name", "users.id", "users.program", "users.username"])
    .execute();
}

/** Whether the user stands for authors of Discord whose messages nobody has claimed. */
export async function isUnclaimed(db: Db, userId: number): Promise<boolean> {
  const row = await db
    .selectFrom("discord_authors")
    .innerJoin("users", "users.id", "discord_authors.user_id")
    .where("discord_authors.user_id", "=", userId)
    .where("users.program", "=", programs.placeholder)
    .select("users.id")
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

interface NewAuthor {
  discordId: string;
  /** In Discord. */
  name: string;
  displayName: string;
  color: string;
  now: number;
}

/**
 * Inserts the author with a row of `users` that counts as deleted from the start, as that of a webhook does: nobody finds
 * it, logs in to it or writes to it. Returns the id. Must run inside a transaction.
 */
export async function insertPlaceholder(db: Db, author: NewAuthor): Promise<number> {
  // No username holds a colon.
  const username = `discord:${author.discordId}`;
  const { id } = await db
    .insertInto("users")
    .values({
      username,
      username_key: username,
      username_skeleton: username,
      email: "",
      password_hash: "",
      display_name: author.displayName,
      display_name_key: "",
      avatar_color: author.color,
      is_admin: 0,
      locale: null,
      theme: "system",
      status: "invisible",
      messages_from: "nobody",
      created_at: author.now,
      deleted_at: author.now,
      program: programs.placeholder,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  await noteAuthor(db, { ...author, userId: id });
  return id;
}

/** Notes who stands for the author. Must run in the transaction that makes the user. */
export async function noteAuthor(
  db: Db,
  { discordId, userId, name }: { discordId: string; userId: number; name: string },
): Promise<void> {
  await db.insertInto("discord_authors").values({ discord_id: discordId, user_id: userId, name }).execute();
}
