import type { Kysely } from "kysely";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

/** What the server asks of the member before they write, and what they are to it; undefined for who is no member. */
export function newcomerIn(db: Db, serverId: number, userId: number) {
  return db
    .selectFrom("members")
    .innerJoin("servers", "servers.id", "members.server_id")
    .innerJoin("users", "users.id", "members.user_id")
    .where("members.server_id", "=", serverId)
    .where("members.user_id", "=", userId)
    .select(["servers.owner_id", "servers.verify_account_minutes", "servers.verify_member_minutes", "servers.rules"])
    .select(["users.created_at", "users.is_admin", "members.joined_at", "members.rules_accepted_at"])
    .select((row) =>
      row
        .selectFrom("member_roles")
        .whereRef("member_roles.server_id", "=", "members.server_id")
        .whereRef("member_roles.user_id", "=", "members.user_id")
        .innerJoin("roles", "roles.id", "member_roles.role_id")
        .where("roles.offered", "=", 0)
        .select(({ fn }) => fn.countAll<number>().as("count"))
        .as("roles"),
    )
    .executeTakeFirst();
}

/** The first time counts. */
export async function acceptRules(db: Db, serverId: number, userId: number, now: number): Promise<void> {
  await db
    .updateTable("members")
    .set({ rules_accepted_at: now })
    .where("server_id", "=", serverId)
    .where("user_id", "=", userId)
    .where("rules_accepted_at", "is", null)
    .execute();
}
