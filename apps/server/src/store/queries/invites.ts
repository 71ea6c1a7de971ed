import { limits, type Invite } from "@miscord/protocol";
import { bitsOf, type PermissionName } from "@miscord/rights";
import { expressionBuilder, sql, type Insertable, type Kysely } from "kysely";
import { addressOf } from "../picture-address.ts";
import { presentUser } from "../present-message.ts";
import { hasAnyOf, isEnabled } from "../rights-sql.ts";
import type { InvitesTable, Tables } from "../schema.ts";
import { userColumns } from "./users.ts";

type Db = Kysely<Tables>;

export async function insertInvite(db: Db, invite: Insertable<InvitesTable>): Promise<void> {
  await db.insertInto("invites").values(invite).execute();
}

export interface FoundInvite {
  invite: Invite;
  serverName: string;
  serverIcon: string | null;
  memberCount: number;
}

/** The invite if it can be used at `now`, with its server; else undefined. */
export async function usableInvite(db: Db, code: string, now: number): Promise<FoundInvite | undefined> {
  const row = await withCreator(db)
    .where(isUsable(now))
    .where("invites.code", "=", code)
    .select(["servers.name as server_name", "servers.picture as server_picture"])
    .select((select) =>
      select
        .selectFrom("members")
        .whereRef("members.server_id", "=", "invites.server_id")
        .select(({ fn }) => fn.countAll<number>().as("count"))
        .$asScalar()
        .$notNull()
        .as("member_count"),
    )
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    invite: toInvite(row),
    serverName: row.server_name,
    serverIcon: addressOf(row.server_picture),
    memberCount: row.member_count,
  };
}

/** Most invites listed at once; there is a limit by creator, and none by server. */
const listedAtMost = 1_000;

/** The server's newest invites that can be used at `now`, newest first; `createdBy` selects one user's only. */
export async function usableInvites(db: Db, serverId: number, now: number, createdBy?: number): Promise<Invite[]> {
  const rows = await withCreator(db)
    .where(isUsable(now))
    .where("invites.server_id", "=", serverId)
    .$if(createdBy !== undefined, (query) => query.where("invites.created_by", "=", createdBy!))
    .orderBy("invites.created_at", "desc")
    .limit(listedAtMost)
    .execute();
  return rows.map(toInvite);
}

/** The invite, usable or not. */
export async function inviteByCode(db: Db, code: string): Promise<Invite | undefined> {
  const row = await withCreator(db).where("invites.code", "=", code).executeTakeFirst();
  return row && toInvite(row);
}

/** Number of the user's invites to the server that can be used at `now`. */
export async function countInvites(db: Db, serverId: number, createdBy: number, now: number): Promise<number> {
  const { count } = await db
    .selectFrom("invites")
    .where("invites.server_id", "=", serverId)
    .where("invites.created_by", "=", createdBy)
    .where(isUsable(now))
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

/** Counts one use; false when the invite cannot be used. One statement, so concurrent uses keep the limit. */
export async function countUse(db: Db, code: string, now: number): Promise<boolean> {
  const result = await db
    .updateTable("invites")
    .set((set) => ({ uses: set("uses", "+", 1) }))
    .where("code", "=", code)
    .where(isUsable(now))
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Returns false when there was no such invite. */
export async function deleteInvite(db: Db, code: string): Promise<boolean> {
  const result = await db.deleteFrom("invites").where("code", "=", code).executeTakeFirst();
  return result.numDeletedRows === 1n;
}

/** Deletes all invites to the server that the user made. */
export async function deleteInvitesOf(db: Db, serverId: number, userId: number): Promise<void> {
  await db.deleteFrom("invites").where("server_id", "=", serverId).where("created_by", "=", userId).execute();
}

const forgottenAtOnce = 1_000;

/**
 * Deletes invites of the user to the server that are used up or have expired, but for the newest `keep`. Very many in several calls.
 */
export async function forgetEndedInvites(
  db: Db,
  { serverId, userId }: { serverId: number; userId: number },
  { keep, now }: { keep: number; now: number },
): Promise<void> {
  await db
    .deleteFrom("invites")
    .where("code", "in", (from) =>
      from
        .selectFrom("invites as ended")
        .where("ended.server_id", "=", serverId)
        .where("ended.created_by", "=", userId)
        .where((is) => is.or([is("ended.expires_at", "<=", now), is("ended.uses", ">=", is.ref("ended.max_uses"))]))
        .orderBy("ended.created_at", "desc")
        .limit(forgottenAtOnce)
        .offset(keep)
        .select("ended.code"),
    )
    .execute();
}

/** Invites that expired before the given time. */
export async function deleteExpiredInvites(db: Db, before: number): Promise<void> {
  await db.deleteFrom("invites").where("expires_at", "<", before).execute();
}

function withCreator(db: Db) {
  return db
    .selectFrom("invites")
    .innerJoin("users", "users.id", "invites.created_by")
    .innerJoin("servers", "servers.id", "invites.server_id")
    .select(userColumns)
    .select(["invites.code", "invites.server_id", "invites.created_at", "invites.expires_at"])
    .select(["invites.max_uses", "invites.uses"]);
}

/** Whether the roles of the member give one of the permissions. */
function holds(...names: readonly PermissionName[]) {
  return sql<boolean>`${sql.raw(hasAnyOf(bitsOf(...names), { servers: "servers", userId: "members.user_id" }))}`;
}

/** Neither expired nor used up, and its creator might make it now; of a bot its owner too. */
function isUsable(now: number) {
  const where = expressionBuilder<Tables, "invites">();
  const bot = where.selectFrom("bots").whereRef("bots.user_id", "=", "invites.created_by");
  return where.and([
    where.or([where("invites.max_uses", "is", null), where("invites.uses", "<", where.ref("invites.max_uses"))]),
    where.or([where("invites.expires_at", "is", null), where("invites.expires_at", ">", now)]),
    where.exists(makers(now).whereRef("members.user_id", "=", "invites.created_by").select("members.user_id")),
    where.or([
      where.not(where.exists(bot.select("bots.user_id"))),
      where.exists(
        makers(now)
          .innerJoin("bots", "bots.owner_id", "members.user_id")
          .whereRef("bots.user_id", "=", "invites.created_by")
          .select("members.user_id"),
      ),
    ]),
  ]);
}

/**
 * The members of the invite's server who might make it now: whose account is not disabled, who are not timed out, and for an invite
 * older than `limits.memberInviteSeconds` who manage the server. The access policy's `createInstantInvite` and `manageGuild` in SQL.
 */
function makers(now: number) {
  const since = now - limits.memberInviteSeconds * 1_000;
  return expressionBuilder<Tables, "invites">()
    .selectFrom("members")
    .innerJoin("servers", "servers.id", "members.server_id")
    .innerJoin("users", "users.id", "members.user_id")
    .whereRef("members.server_id", "=", "invites.server_id")
    .where(sql<boolean>`${sql.raw(isEnabled("members.user_id"))}`)
    .where((of) =>
      of.or([
        of("servers.owner_id", "=", of.ref("members.user_id")),
        of("users.is_admin", "=", 1),
        holds("administrator"),
        of.and([
          of.or([of("members.timed_out_until", "is", null), of("members.timed_out_until", "<=", now)]),
          of.or([holds("manageGuild"), of.and([holds("createInstantInvite"), of("invites.created_at", ">", since)])]),
        ]),
      ]),
    );
}

function toInvite(row: Awaited<ReturnType<ReturnType<typeof withCreator>["execute"]>>[number]): Invite {
  return {
    code: row.code,
    server_id: row.server_id,
    created_by: presentUser(row),
    created_at: new Date(row.created_at).toISOString(),
    expires_at: row.expires_at === null ? null : new Date(row.expires_at).toISOString(),
    max_uses: row.max_uses,
    uses: row.uses,
  };
}
