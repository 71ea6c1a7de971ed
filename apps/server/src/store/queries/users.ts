import type { ChosenStatus, Deletion, Locale, Me, MessagesFrom, QuietHours, Theme, User } from "@miscord/protocol";
import { foldName } from "@miscord/text";
import { sql, type Kysely, type Updateable } from "kysely";
import { presentUser } from "../present-message.ts";
import { isActiveAdmin, isEnabled } from "../rights-sql.ts";
import type { Tables, UserRow, UsersTable } from "../schema.ts";
import { customStatusOf, presentOwnProfile } from "./own-profile.ts";
import { hasFactor } from "./second-factors.ts";

type Db = Kysely<Tables>;

/** The columns that `presentUser` needs. */
export const userColumns = [
  "users.id",
  "users.username",
  "users.display_name",
  "users.avatar_color",
  "users.picture",
  "users.program",
] as const;

export function quietHoursOf({ quiet_hours: text }: Pick<UserRow, "quiet_hours">): QuietHours | null {
  return text === null ? null : (JSON.parse(text) as QuietHours);
}

/** The user as sent to themselves, with private fields. */
export async function presentMe(db: Db, row: UserRow, now: number): Promise<Me> {
  const customStatus = customStatusOf(row, now);
  return {
    ...presentUser(row),
    email: row.email,
    is_admin: row.is_admin === 1,
    has_second_factor: await hasFactor(db, row.id),
    locale: row.locale as Locale | null,
    theme: row.theme as Theme,
    status: row.status as ChosenStatus,
    messages_from: row.messages_from as MessagesFrom,
    quiet_hours: quietHoursOf(row),
    ...presentOwnProfile(row),
    ...(customStatus && { custom_status: customStatus }),
    ...(row.link_previews === 0 && { link_previews: false as const }),
    created_at: new Date(row.created_at).toISOString(),
    ...(row.deletion_at !== null && {
      deletion: {
        at: new Date(row.deletion_at).toISOString(),
        messages: row.deletion_messages as Deletion["messages"],
      },
    }),
  };
}

/** Undefined for a deleted account too. */
export function userById(db: Db, userId: number): Promise<UserRow | undefined> {
  return db.selectFrom("users").where("id", "=", userId).where("deleted_at", "is", null).selectAll().executeTakeFirst();
}

/** Whether nobody has disabled the account, nor of a bot that of its owner. */
export async function isAccountEnabled(db: Db, userId: number): Promise<boolean> {
  const enabled = sql<boolean>`${sql.raw(isEnabled("users.id"))}`;
  return (
    (await db.selectFrom("users").where("id", "=", userId).where(enabled).select("id").executeTakeFirst()) !== undefined
  );
}

/** Keeps the rows from changing until the transaction ends. In the order of ids, so that nobody waits in a circle. */
export async function holdUsers(db: Db, userIds: readonly number[]): Promise<void> {
  for (const id of userIds.toSorted((a, b) => a - b)) {
    await db
      .updateTable("users")
      .set((row) => ({ is_admin: row.ref("is_admin") }))
      .where("id", "=", id)
      .execute();
  }
}

/** Whether the user is an administrator of the instance, and counts as one: see `isActiveAdmin`. */
export function adminState(db: Db, userId: number): Promise<{ is_admin: number; is_active: number } | undefined> {
  return db
    .selectFrom("users")
    .where("id", "=", userId)
    .where("deleted_at", "is", null)
    .select(["is_admin", sql<number>`${sql.raw(isActiveAdmin("users"))}`.as("is_active")])
    .executeTakeFirst();
}

/** The administrator with the lowest id. */
export function firstAdmin(db: Db): Promise<Pick<UserRow, "id"> | undefined> {
  return db.selectFrom("users").where("is_admin", "=", 1).orderBy("id").select("id").limit(1).executeTakeFirst();
}

/** The user with the case-folded username; undefined for a deleted account too. */
export function userByKey(db: Db, usernameKey: string): Promise<UserRow | undefined> {
  return db
    .selectFrom("users")
    .where("username_key", "=", usernameKey)
    .where("deleted_at", "is", null)
    .selectAll()
    .executeTakeFirst();
}

export interface NewUser {
  username: string;
  username_key: string;
  username_skeleton: string;
  email: string;
  mail_locale?: string | null;
  password_hash: string;
  display_name: string;
  avatar_color: string;
  is_admin: number;
  created_at: number;
  program?: number;
  messages_from?: string;
}

/**
 * Undefined when the username, or one that looks like it, is taken. The unique constraints decide, so two concurrent
 * calls cannot both succeed.
 */
export function insertUser(db: Db, user: NewUser): Promise<UserRow | undefined> {
  return db
    .insertInto("users")
    .values({ ...user, display_name_key: foldName(user.display_name), locale: null, theme: "system", status: "online" })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
}

export function updateUser(db: Db, userId: number, change: Updateable<UsersTable>): Promise<UserRow> {
  return db.updateTable("users").set(change).where("id", "=", userId).returningAll().executeTakeFirstOrThrow();
}

/** False when the hash is not `from`; without `from`, when there is no such user. Comparing and replacing are one statement. */
export async function replacePassword(
  db: Db,
  userId: number,
  change: Pick<Updateable<UsersTable>, "password_hash" | "recovered_at" | "email_key" | "email_pending">,
  from?: string,
): Promise<boolean> {
  const update = db.updateTable("users").set(change).where("id", "=", userId);
  const { numUpdatedRows } = await (
    from === undefined ? update : update.where("password_hash", "=", from)
  ).executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Undefined when the user has these values already, or the account is deleted; then nothing is written. */
export function changeUser(db: Db, userId: number, change: Updateable<UsersTable>): Promise<UserRow | undefined> {
  return db
    .updateTable("users")
    .set({
      ...change,
      ...(change.display_name !== undefined && { display_name_key: foldName(change.display_name) }),
    })
    .where("id", "=", userId)
    .where("deleted_at", "is", null)
    .where((is) =>
      is.or(
        Object.entries(change).map(([column, value]) =>
          is(column as keyof UsersTable, "is distinct from", value ?? null),
        ),
      ),
    )
    .returningAll()
    .executeTakeFirst();
}

/** In no particular order; unknown ids are omitted. */
export async function usersById(db: Db, ids: readonly number[]): Promise<User[]> {
  const rows = await db.selectFrom("users").where("id", "in", ids).select(userColumns).execute();
  return rows.map(presentUser);
}

/** Whether somebody has the name, or one that looks like it, deleted accounts included. */
export async function isNameTaken(db: Db, usernameKey: string, skeleton: string): Promise<boolean> {
  const row = await db
    .selectFrom("users")
    .where((is) => is.or([is("username_key", "=", usernameKey), is("username_skeleton", "=", skeleton)]))
    .select("id")
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether nobody else administers the instance. */
export async function isOnlyAdmin(db: Db, userId: number): Promise<boolean> {
  const other = await db
    .selectFrom("users")
    .where("is_admin", "=", 1)
    .where("id", "!=", userId)
    .where("disabled_at", "is", null)
    .where("deleted_at", "is", null)
    .select("id")
    .limit(1)
    .executeTakeFirst();
  return other === undefined;
}
