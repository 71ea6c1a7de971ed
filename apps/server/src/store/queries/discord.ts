import { sql, type Kysely } from "kysely";
import { chunks } from "../../chunks.ts";
import type { DiscordKind } from "../discord-tables.ts";
import type { Tables } from "../schema.ts";
import { programs } from "../webhook-tables.ts";
import { deleteInPortions, replaceInPortions } from "./delete-in-portions.ts";

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
  const username = usernameOf(author.discordId);
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

/** No username holds a colon. */
function usernameOf(discordId: string): string {
  return `discord:${discordId}`;
}

/** Notes who stands for the author. Must run in the transaction that makes the user. */
export async function noteAuthor(
  db: Db,
  { discordId, userId, name }: { discordId: string; userId: number; name: string },
): Promise<void> {
  await db.insertInto("discord_authors").values({ discord_id: discordId, user_id: userId, name }).execute();
}

/** The row that stands for the author, or has stood for them until somebody claimed what they wrote. */
export async function placeholderOf(db: Db, discordId: string): Promise<number | undefined> {
  const row = await db
    .selectFrom("users")
    .where("username_key", "=", usernameOf(discordId))
    .where("program", "=", programs.placeholder)
    .select("id")
    .executeTakeFirst();
  return row?.id;
}

/** From now on what is imported of the author is the user's. False when somebody else was first. */
export async function claimAuthorOf(db: Db, placeholderId: number, userId: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("discord_authors")
    .set({ user_id: userId })
    .where("user_id", "=", placeholderId)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * Gives all that the placeholder wrote to the user, with its reactions, files and threads, in portions: an author may have written
 * millions of messages, and everybody's wait for one statement. Can be done again when it came to no end. The row stays: reports and
 * logs may name it. Returns the number of messages. Not to be called in a transaction.
 */
export async function movePlaceholder(db: Db, placeholderId: number, userId: number): Promise<number> {
  const change = { from: placeholderId, to: userId };
  // No index finds those that are deleted, of which nothing is shown.
  const isThere = sql<boolean>`deleted_at is null`;
  const messages = await replaceInPortions(db, { table: "messages", column: "author_id" }, change, isThere);
  const isTwice = sql<boolean>`user_id = ${placeholderId} and exists (select 1 from reactions own
    where own.message_id = reactions.message_id and own.emoji = reactions.emoji and own.user_id = ${userId})`;
  await deleteInPortions(db, "reactions", isTwice);
  await replaceInPortions(db, { table: "reactions", column: "user_id" }, change);
  await replaceInPortions(db, { table: "attachments", column: "uploader_id" }, change);
  await replaceInPortions(db, { table: "channels", column: "owner_id" }, change);
  return messages;
}
