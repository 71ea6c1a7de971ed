import { limits } from "@miscord/protocol";
import { email as emailShape, username as usernameShape } from "@miscord/protocol/schemas";
import { foldName } from "@miscord/text";
import type { Kysely } from "kysely";
import { avatarColor } from "../../domain/accounts/avatar-color.ts";
import { isPasswordHash } from "../../domain/accounts/passwords.ts";
import { isReserved, skeletonOf } from "../../domain/accounts/reserved-names.ts";
import { discordAuthors, noteAuthor } from "../../store/queries/discord.ts";
import { insertUser, isNameTaken, updateUser } from "../../store/queries/users.ts";
import type { Tables } from "../../store/schema.ts";
import { nameOf } from "../../domain/imports/discord/names.ts";
import type { Report } from "../../domain/imports/discord/report.ts";
import type { StagedDump } from "./staged-dump.ts";
import type { Row } from "./tables.ts";
import { isFalse, keyOf, timeOf } from "./values.ts";

type Db = Kysely<Tables>;

interface AccountImport {
  db: Db;
  report: Report;
  now: number;
  /** The operator's account here: it becomes that of version 1 with the same username. */
  owner: { id: number; username: string };
}

const batchSize = 250;

/** Makes accounts of the users that are not imported yet. Returns the accounts of all, by ids of version 1. */
export async function importAccounts(to: AccountImport, dump: StagedDump): Promise<Map<string, number>> {
  const rows = dump.all("users");
  const accounts = new Map<string, number>();
  for (let from = 0; from < rows.length; from += batchSize) {
    const batch = rows.slice(from, from + batchSize);
    await to.db.transaction().execute(async (db) => {
      const keys = batch.map(({ id }) => keyOf("user", id));
      const known = await discordAuthors(db, keys);
      for (const [index, row] of batch.entries()) {
        accounts.set(row.id, known.get(keys[index]!) ?? (await importAccount(db, to, row)));
      }
    });
  }
  return accounts;
}

async function importAccount(db: Db, { report, now, owner }: AccountImport, row: Row<"users">): Promise<number> {
  const { id, username } = row;
  const isOwner = foldName(username) === foldName(owner.username);
  const userId = isOwner ? owner.id : await insertAccount(db, row, report, now);
  await noteAuthor(db, { discordId: keyOf("user", id), userId, name: username });
  if (!isOwner) report.made("accounts");
  return userId;
}

async function insertAccount(db: Db, row: Row<"users">, report: Report, now: number): Promise<number> {
  const { password, display_name, email, is_active, created_at } = row;
  const username = await freeName(db, row);
  if (username !== row.username)
    report.listed("accounts whose username had to change", `${row.username} → ${username}`);
  const hash = password ?? "";
  if (!isPasswordHash(hash))
    report.listed("accounts without a password that can be checked here: make reset-link", username);
  const address = emailShape.safeParse(email ?? "");
  const user = await insertUser(db, {
    username,
    username_key: foldName(username),
    username_skeleton: await skeletonOf(username),
    email: address.data ?? "",
    password_hash: isPasswordHash(hash) ? hash : "",
    display_name: nameOf(display_name ?? "", limits.displayNameLength, username),
    avatar_color: avatarColor(username),
    is_admin: 0,
    created_at: timeOf(created_at) ?? now,
  });
  if (!user) throw new Error(`the username ${username} was taken meanwhile`);
  if (isFalse(is_active)) await updateUser(db, user.id, { disabled_at: now });
  return user.id;
}

const attemptsAtMost = 1_000;

/** The username, or one like it that may be had here. */
async function freeName(db: Db, { id, username: given }: Row<"users">): Promise<string> {
  const base =
    usernameShape.safeParse(given).data ?? usernameShape.safeParse(withoutOthers(given)).data ?? `user_${id}`;
  for (let count = 1; count < attemptsAtMost; count += 1) {
    const ending = count === 1 ? "" : `_${count}`;
    const name = base.slice(0, limits.usernameLength - ending.length) + ending;
    const isFree = !(await isReserved(name)) && !(await isNameTaken(db, foldName(name), await skeletonOf(name)));
    if (isFree && usernameShape.safeParse(name).success) return name;
  }
  return `user_${id}_${Date.now().toString(36)}`;
}

/** What no username may have becomes an underscore. */
function withoutOthers(name: string): string {
  return name
    .normalize("NFC")
    .replaceAll(/[^\p{L}\p{N}\p{M}_.-]+/gu, "_")
    .slice(0, limits.usernameLength);
}
