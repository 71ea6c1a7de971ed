import { randomInt } from "node:crypto";
import type { AutomodRule, AutomodRuleFields } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { sql, type Kysely } from "kysely";
import { hasAnyOf } from "../rights-sql.ts";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

/** The server's rules in the order in which they were made. */
export async function automodRules(db: Db, serverId: number): Promise<AutomodRule[]> {
  const rows = await db
    .selectFrom("automod_rules")
    .where("server_id", "=", serverId)
    .orderBy("id")
    .select(["id", "server_id", "fields"])
    .execute();
  return rows.map(present);
}

export async function automodRule(db: Db, ruleId: number): Promise<AutomodRule | undefined> {
  const row = await db
    .selectFrom("automod_rules")
    .where("id", "=", ruleId)
    .select(["id", "server_id", "fields"])
    .executeTakeFirst();
  return row && present(row);
}

function present({ id, server_id, fields }: { id: number; server_id: number; fields: string }): AutomodRule {
  return { ...(JSON.parse(fields) as AutomodRuleFields), id, server_id };
}

/** Must be followed by `renewVersion` in the same transaction, as the two after it. */
export async function insertAutomodRule(
  db: Db,
  serverId: number,
  fields: AutomodRuleFields,
  now: number,
): Promise<AutomodRule> {
  const row = await db
    .insertInto("automod_rules")
    .values({ server_id: serverId, created_at: now, ...toColumns(fields) })
    .returning(["id", "server_id", "fields"])
    .executeTakeFirstOrThrow();
  return present(row);
}

export async function updateAutomodRule(db: Db, ruleId: number, fields: AutomodRuleFields): Promise<void> {
  await db.updateTable("automod_rules").set(toColumns(fields)).where("id", "=", ruleId).execute();
}

export async function deleteAutomodRule(db: Db, ruleId: number): Promise<void> {
  await db.deleteFrom("automod_rules").where("id", "=", ruleId).execute();
}

function toColumns(fields: AutomodRuleFields) {
  return { enabled: fields.enabled ? 1 : 0, fields: JSON.stringify(fields) };
}

/** Makes every node read the server's rules anew with its next message. */
export async function renewVersion(db: Db, serverId: number): Promise<void> {
  const enabled = await db
    .selectFrom("automod_rules")
    .where("server_id", "=", serverId)
    .where("enabled", "=", 1)
    .select("id")
    .executeTakeFirst();
  const automod_version = enabled ? randomInt(1, 2 ** 48 - 1) : 0;
  await db.updateTable("servers").set({ automod_version }).where("id", "=", serverId).execute();
}

const managing = bitsOf("administrator", "manageGuild");

/** Ids of members who manage the server, at most `limit`. */
export async function managersOf(db: Db, serverId: number, limit: number): Promise<number[]> {
  const manages = hasAnyOf(managing, { servers: "servers", userId: "members.user_id" });
  const rows = await db
    .selectFrom("members")
    .innerJoin("servers", "servers.id", "members.server_id")
    .where("servers.id", "=", serverId)
    .where(sql<boolean>`(servers.owner_id = members.user_id or ${sql.raw(manages)})`)
    .select("members.user_id")
    .limit(limit)
    .execute();
  return rows.map((row) => row.user_id);
}

/** A message that a dry run looks at. */
export interface PastMessage {
  id: number;
  seq: number;
  channel_id: number;
  author_id: number;
  content: string;
  created_at: number;
  username: string;
  display_name: string;
  nickname: string | null;
  account_since: number;
}

/** At most `limit` messages of the channel, newest first, below the position. */
export function pastMessages(
  db: Db,
  channelId: number,
  { below, limit }: { below: number; limit: number },
): Promise<PastMessage[]> {
  return db
    .selectFrom("messages")
    .innerJoin("users", "users.id", "messages.author_id")
    .innerJoin("channels", "channels.id", "messages.channel_id")
    .leftJoin("members", (join) =>
      join.onRef("members.server_id", "=", "channels.server_id").onRef("members.user_id", "=", "messages.author_id"),
    )
    .where("messages.channel_id", "=", channelId)
    .where("messages.seq", "<", below)
    .where("messages.deleted_at", "is", null)
    .orderBy("messages.seq", "desc")
    .limit(limit)
    .select(["messages.id", "messages.seq", "messages.channel_id", "messages.author_id", "messages.content"])
    .select([
      "messages.created_at",
      "users.username",
      "users.display_name",
      "members.nickname",
      "users.created_at as account_since",
    ])
    .execute();
}

/** A server whose rules a member's name has to pass, with the version of the rules. */
export interface NamingServer {
  id: number;
  name: string;
  owner_id: number;
  automod_version: number;
}

/** The servers of the user that have enabled rules; with `serverId` that one at most. */
export function serversWithRules(db: Db, userId: number, serverId: number | null): Promise<NamingServer[]> {
  return db
    .selectFrom("members")
    .innerJoin("servers", "servers.id", "members.server_id")
    .where("members.user_id", "=", userId)
    .where("servers.automod_version", "!=", 0)
    .$if(serverId !== null, (query) => query.where("servers.id", "=", serverId!))
    .select(["servers.id", "servers.name", "servers.owner_id", "servers.automod_version"])
    .execute();
}

/** Enabled rules as they are stored. */
export function storedRules(db: Db, serverId: number): Promise<{ id: number; fields: string }[]> {
  return db
    .selectFrom("automod_rules")
    .where("server_id", "=", serverId)
    .where("enabled", "=", 1)
    .orderBy("id")
    .select(["id", "fields"])
    .execute();
}
