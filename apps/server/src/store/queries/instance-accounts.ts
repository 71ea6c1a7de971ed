import type { AccountPage, InstanceAccount } from "@miscord/protocol";
import { foldName } from "@miscord/text";
import { sql, type Kysely } from "kysely";
import { presentUser } from "../present-message.ts";
import type { Tables } from "../schema.ts";
import { containsText, patternOf } from "./contains-text.ts";
import { userColumns } from "./users.ts";

type Db = Kysely<Tables>;

/** Accounts whose username or display name contains the text, the newest first. */
export async function listAccounts(
  db: Db,
  { search, before, limit, now }: { search: string; before?: number | undefined; limit: number; now: number },
): Promise<AccountPage> {
  const rows = await accounts(db, now)
    .$if(search !== "", (query) =>
      query.where((is) =>
        is.or([
          sql<boolean>`username_key like ${patternOf(foldName(search))} escape '\\'`,
          containsText("display_name", search),
        ]),
      ),
    )
    .$if(before !== undefined, (query) => query.where("users.id", "<", before!))
    .orderBy("users.id", "desc")
    .limit(limit + 1)
    .execute();
  return { accounts: rows.slice(0, limit).map(present), has_more: rows.length > limit };
}

export async function accountById(db: Db, userId: number, now: number): Promise<InstanceAccount | undefined> {
  const row = await accounts(db, now).where("users.id", "=", userId).executeTakeFirst();
  return row && present(row);
}

function accounts(db: Db, now: number) {
  return db
    .selectFrom("users")
    .where("users.deleted_at", "is", null)
    .select(userColumns)
    .select(["users.created_at", "users.is_admin", "users.disabled_at"])
    .select((is) => [
      is
        .selectFrom("sessions")
        .whereRef("sessions.user_id", "=", "users.id")
        .select((of) => of.fn.max("sessions.last_used_at").as("last"))
        .as("last_seen_at"),
      is
        .selectFrom("sessions")
        .whereRef("sessions.user_id", "=", "users.id")
        .where("sessions.revoked_at", "is", null)
        .where("sessions.expires_at", ">", now)
        .select((of) => of.fn.countAll<number>().as("count"))
        .as("sessions"),
      is
        .selectFrom("members")
        .whereRef("members.user_id", "=", "users.id")
        .select((of) => of.fn.countAll<number>().as("count"))
        .as("servers"),
    ]);
}

type Row = Awaited<ReturnType<ReturnType<typeof accounts>["executeTakeFirstOrThrow"]>>;

function present(row: Row): InstanceAccount {
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return {
    ...presentUser(row),
    created_at: new Date(row.created_at).toISOString(),
    last_seen_at: time(row.last_seen_at),
    sessions: Number(row.sessions),
    servers: Number(row.servers),
    is_admin: row.is_admin === 1,
    disabled_at: time(row.disabled_at),
  };
}
