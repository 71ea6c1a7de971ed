import { foldName } from "@miscord/text";
import { sql, type Kysely } from "kysely";
import type { MailKind, NoticeKind } from "../mail-tables.ts";
import type { Tables, UserRow } from "../schema.ts";

type Db = Kysely<Tables>;

/** The form in which addresses are compared: most mail servers ignore case, and none gives both spellings to two people. */
export function foldAddress(address: string): string {
  return foldName(address.trim());
}

/** Puts a mail into the outbox. Run it in the transaction of what it tells. */
export async function insertMail(
  db: Db,
  mail: { userId: number | null; address: string; kind: MailKind; detail?: string },
  now: number,
): Promise<void> {
  const { userId, address, kind, detail = "" } = mail;
  await db
    .insertInto("mails")
    .values({ user_id: userId, address, kind, detail, due_at: now, created_at: now })
    .execute();
}

/** Notices of one kind that wait for one user: one may just be under way, and more would say the same. */
const mostWaiting: Readonly<Record<NoticeKind, number>> = {
  new_device: 10,
  password_changed: 2,
  factors_changed: 2,
  address_changed: 2,
};

/** Puts a notice into the outbox, if the user has a confirmed address, wants notices, and not too many of the kind wait already. */
export async function insertNotice(
  db: Db,
  { userId, kind, detail = "" }: { userId: number; kind: NoticeKind; detail?: string },
  now: number,
): Promise<void> {
  await db
    .insertInto("mails")
    .columns(["user_id", "address", "kind", "detail", "due_at", "created_at"])
    .expression(
      db
        .selectFrom("users")
        .where("id", "=", userId)
        .where("email_key", "is not", null)
        .where("mail_notices", "=", 1)
        .where(
          (is) =>
            is
              .selectFrom("mails")
              .whereRef("mails.user_id", "=", "users.id")
              .where("mails.kind", "=", kind)
              .select(({ fn }) => fn.countAll<number>().as("count")),
          "<",
          mostWaiting[kind],
        )
        .select(["id", "email"])
        .select([sql.val(kind).as("kind"), sql.val(detail).as("detail")])
        .select([number(now).as("due_at"), number(now).as("created_at")]),
    )
    .execute();
}

/** PostgreSQL takes the type of a parameter in a list of columns for text. */
function number(value: number) {
  return sql<number>`cast(${value} as bigint)`;
}

export async function postponeMail(db: Db, id: number, until: number): Promise<void> {
  await db.updateTable("mails").set({ due_at: until }).where("id", "=", id).execute();
}

export async function deleteMail(db: Db, id: number): Promise<void> {
  await db.deleteFrom("mails").where("id", "=", id).execute();
}

/** Of an instance whose mail was switched off, nobody sends them. */
export async function deleteMailsBefore(db: Db, before: number): Promise<void> {
  await db.deleteFrom("mails").where("created_at", "<", before).execute();
}

export async function countMails(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom("mails")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

/** Those who may log in and have confirmed this address, the oldest account first. */
export function usersOfAddress(db: Db, address: string, limit: number): Promise<UserRow[]> {
  return db
    .selectFrom("users")
    .where("email_key", "=", foldAddress(address))
    .where("deleted_at", "is", null)
    .where("disabled_at", "is", null)
    .orderBy("id")
    .limit(limit)
    .selectAll()
    .execute();
}

/** Whether this is still the address that the user wants to confirm. Locks the row until the transaction ends. */
export async function isPending(db: Db, userId: number, address: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("users")
    .set({ email_pending: address })
    .where("id", "=", userId)
    .where("email_pending", "=", address)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Whether this is still the user's confirmed address, letter for letter. Locks the row until the transaction ends. */
export async function isConfirmed(db: Db, userId: number, address: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("users")
    .set({ email: address })
    .where("id", "=", userId)
    .where("email", "=", address)
    .where("email_key", "is not", null)
    .where("disabled_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** The pending address takes the place of the former. False when it is another one meanwhile. */
export async function confirmPending(db: Db, userId: number, address: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("users")
    .set({ email: address, email_key: foldAddress(address), email_pending: null })
    .where("id", "=", userId)
    .where("email_pending", "=", address)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Of all sessions that one account may have had lately. */
const comparedDevices = 500;

/** Devices of the user's latest sessions that began before this one. Of those that begin together one is the first. */
export async function sessionsBefore(
  db: Db,
  userId: number,
  { id, createdAt }: { id: string; createdAt: number },
): Promise<{ user_agent: string; address: string }[]> {
  return db
    .selectFrom("sessions")
    .where("user_id", "=", userId)
    .where((is) =>
      is.or([is("created_at", "<", createdAt), is.and([is("created_at", "=", createdAt), is("id", "<", id)])]),
    )
    .orderBy("created_at", "desc")
    .limit(comparedDevices)
    .select(["user_agent", "address"])
    .execute();
}

/** Users whose digest is due, and since when they were told nothing. */
export function dueDigests(db: Db, now: number, limit: number): Promise<Pick<UserRow, "id" | "email" | "digest_at">[]> {
  return db
    .selectFrom("users")
    .where("digest_at", "<=", now)
    .where("email_key", "is not", null)
    .where("deleted_at", "is", null)
    .where("disabled_at", "is", null)
    .orderBy("digest_at")
    .limit(limit)
    .select(["id", "email", "digest_at"])
    .execute();
}

/** False when another node did it, or the user wants none any more. */
export async function nextDigest(db: Db, userId: number, { from, to }: { from: number; to: number }): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("users")
    .set({ digest_at: to })
    .where("id", "=", userId)
    .where("digest_at", "=", from)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}
