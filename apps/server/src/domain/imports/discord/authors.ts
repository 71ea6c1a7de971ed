import { limits } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { chunks } from "../../../chunks.ts";
import { discordAuthors, importedItems, insertPlaceholder, noteItems } from "../../../store/queries/discord.ts";
import { storable } from "../../../store/storable.ts";
import { insertRole } from "../../../store/queries/roles.ts";
import type { Tables } from "../../../store/schema.ts";
import type { Import } from "./channel-place.ts";
import { compareIds, type ExportedMessage, type ExportedPerson, type ExportedRole } from "./format.ts";
import { colorOf, nameOf } from "./names.ts";
import { reactedWith } from "./reactions.ts";

type Db = Kysely<Tables>;

const plainColor = "#5865f2";
const nameLength = 100;
/** Placeholders of one transaction, for which everybody who writes waits. */
const placeholdersAtOnce = 200;

/**
 * Makes placeholders for those who are new among the authors of these messages and reactions, each few in a transaction of their own,
 * until so few are left that they may be made with the messages. `rest` is called in between.
 */
export async function makeManyAuthors(
  to: Import,
  messages: readonly ExportedMessage[],
  rest: () => Promise<void>,
): Promise<void> {
  const authors = authorsOf(to, messages);
  if (authors.size <= placeholdersAtOnce) return;
  const known = await knownAmong(to.db, authors);
  const missing = [...authors.values()].filter(({ id }) => !known.has(id));
  for (let from = 0; missing.length - from > placeholdersAtOnce; from += placeholdersAtOnce) {
    const some = missing.slice(from, from + placeholdersAtOnce);
    await to.db.transaction().execute(async (db) => {
      for (const person of some) await makePlaceholder(db, to, person);
    });
    await rest();
  }
}

/** Who stands for the authors of these messages and reactions, by ids of Discord; for those who are new placeholders are made. */
export async function usersFor(db: Db, to: Import, messages: readonly ExportedMessage[]): Promise<Map<string, number>> {
  const authors = authorsOf(to, messages);
  const users = await knownAmong(db, authors);
  for (const [discordId, person] of authors) {
    if (!users.has(discordId)) users.set(discordId, await makePlaceholder(db, to, person));
  }
  return users;
}

/** By ids of Discord. */
function authorsOf(to: Import, messages: readonly ExportedMessage[]): Map<string, ExportedPerson> {
  const authors = new Map<string, ExportedPerson>();
  for (const { reactions, author } of messages) {
    for (const user of reactions.flatMap((one) => reactedWith(one, to)))
      if (!authors.has(user.id)) authors.set(user.id, user);
    // With the colour of a role, which those who reacted have not.
    authors.set(author.id, author);
  }
  return authors;
}

async function knownAmong(db: Db, authors: ReadonlyMap<string, ExportedPerson>): Promise<Map<string, number>> {
  const known = new Map<string, number>();
  for (const ids of chunks([...authors.keys()], 1_000)) {
    for (const [id, userId] of await discordAuthors(db, ids)) known.set(id, userId);
  }
  return known;
}

async function makePlaceholder(
  db: Db,
  { now, report }: Import,
  { id: discordId, name, nickname, color }: ExportedPerson,
): Promise<number> {
  const userId = await insertPlaceholder(db, {
    discordId,
    name: storable(name.slice(0, nameLength)),
    displayName: nameOf(nickname || name, limits.displayNameLength, discordId),
    color: colorOf(color) ?? plainColor,
    now,
  });
  report.made("authors");
  return userId;
}

/** Makes the roles of these authors, lower ones first. They give no permissions: the export does not name them. */
export async function makeRoles(db: Db, to: Import, messages: readonly ExportedMessage[]): Promise<void> {
  const { server, report, now } = to;
  const roles = new Map<string, ExportedRole>();
  for (const { author } of messages) for (const role of author.roles) roles.set(role.id, role);
  const known = await importedItems(db, "role", [...roles.keys()]);
  const missing = [...roles.values()].filter(({ id }) => !known.has(id));
  if (missing.length === 0) return;
  let count = await countRoles(db, server.id);
  for (const { id, name, color } of missing.toSorted((a, b) => b.position - a.position || compareIds(a.id, b.id))) {
    if (count >= limits.rolesPerServer) {
      report.lost("roles", name);
      continue;
    }
    const fields = { name: nameOf(name, limits.roleNameLength, id), color: colorOf(color), permissions: 0 };
    const role = await insertRole(db, server.id, { ...fields, hoist: false, mentionable: false }, now);
    await noteItems(db, "role", server.id, [[id, role.id]]);
    count += 1;
    report.made("roles");
  }
}

async function countRoles(db: Db, serverId: number): Promise<number> {
  const { count } = await db
    .selectFrom("roles")
    .where("server_id", "=", serverId)
    .select(({ fn }) => fn.countAll<number | string>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count) - 1;
}
