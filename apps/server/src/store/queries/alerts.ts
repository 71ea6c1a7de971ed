import { sql, type Kysely } from "kysely";
import type { ToldAlert } from "../push-tables.ts";
import { isActiveAdmin } from "../rights-sql.ts";
import type { Tables } from "../schema.ts";
import { insertMail } from "./mails.ts";

type Db = Kysely<Tables>;

/** Those who may see the monitor. */
const isTold = sql<boolean>`(${sql.raw(isActiveAdmin("users"))} = 1 and users.disabled_at is null)`;

/** Puts a mail to each administrator with a confirmed address into the outbox. */
export async function insertAlertMails(db: Db, detail: string, now: number): Promise<void> {
  const admins = await db
    .selectFrom("users")
    .where(isTold)
    .where("email_key", "is not", null)
    .select(["id", "email"])
    .execute();
  for (const { id, email } of admins) await insertMail(db, { userId: id, address: email, kind: "alert", detail }, now);
}

/** Tells all devices of the administrators of an incident. */
export async function insertAlertPushes(db: Db, alert: ToldAlert, now: number): Promise<void> {
  const devices = await db
    .selectFrom("push_subscriptions")
    .innerJoin("users", "users.id", "push_subscriptions.user_id")
    .where(isTold)
    .select(["push_subscriptions.id", "users.id as user_id"])
    .execute();
  if (devices.length === 0) return;
  const told = { alert: JSON.stringify(alert), state: "ring", due_at: now, created_at: now };
  const rows = devices.map(({ id, user_id }) => ({ ...told, subscription_id: id, user_id }));
  await db.insertInto("pushes").values(rows).execute();
}

/** Of these users those who may see the monitor. */
export async function administratorsAmong(db: Db, userIds: readonly number[]): Promise<ReadonlySet<number>> {
  if (userIds.length === 0) return new Set();
  const rows = await db.selectFrom("users").where("id", "in", userIds).where(isTold).select("id").execute();
  return new Set(rows.map(({ id }) => id));
}
