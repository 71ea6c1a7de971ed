import type { Invite } from "@miscord/protocol";
import type { Insertable, Kysely } from "kysely";
import { presentUser } from "../present-message.ts";
import type { InvitesTable, Tables } from "../schema.ts";
import { userColumns } from "./users.ts";

type Db = Kysely<Tables>;

export async function insertInvite(db: Db, invite: Insertable<InvitesTable>): Promise<void> {
  await db.insertInto("invites").values(invite).execute();
}

export interface FoundInvite {
  invite: Invite;
  serverName: string;
  memberCount: number;
}

/** The invite if it is neither expired nor used up at `now`, with its server; else undefined. */
export async function usableInvite(db: Db, code: string, now: number): Promise<FoundInvite | undefined> {
  const row = await usable(withCreator(db), now)
    .where("invites.code", "=", code)
    .select("servers.name as server_name")
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
  return row && { invite: toInvite(row), serverName: row.server_name, memberCount: row.member_count };
}

/** The server's invites that are neither expired nor used up, newest first; `createdBy` selects one user's only. */
export async function usableInvites(db: Db, serverId: number, now: number, createdBy?: number): Promise<Invite[]> {
  const rows = await usable(withCreator(db), now)
    .where("invites.server_id", "=", serverId)
    .$if(createdBy !== undefined, (query) => query.where("invites.created_by", "=", createdBy!))
    .orderBy("invites.created_at", "desc")
    .execute();
  return rows.map(toInvite);
}

/** The invite, usable or not. */
export async function inviteByCode(db: Db, code: string): Promise<Invite | undefined> {
  const row = await withCreator(db).where("invites.code", "=", code).executeTakeFirst();
  return row && toInvite(row);
}

/** Counts one use; false when the invite is expired or used up. One statement, so concurrent uses keep the limit. */
export async function countUse(db: Db, code: string, now: number): Promise<boolean> {
  const result = await db
    .updateTable("invites")
    .set((set) => ({ uses: set("uses", "+", 1) }))
    .where("code", "=", code)
    .where((where) => where.or([where("max_uses", "is", null), where("uses", "<", where.ref("max_uses"))]))
    .where((where) => where.or([where("expires_at", "is", null), where("expires_at", ">", now)]))
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function deleteInvite(db: Db, code: string): Promise<void> {
  await db.deleteFrom("invites").where("code", "=", code).execute();
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

type InviteQuery = ReturnType<typeof withCreator>;

function usable(query: InviteQuery, now: number): InviteQuery {
  return query
    .where((where) => where.or([where("max_uses", "is", null), where("uses", "<", where.ref("max_uses"))]))
    .where((where) => where.or([where("expires_at", "is", null), where("expires_at", ">", now)]));
}

function toInvite(row: Awaited<ReturnType<InviteQuery["execute"]>>[number]): Invite {
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
