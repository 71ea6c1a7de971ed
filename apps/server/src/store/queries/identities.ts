import type { Insertable, Kysely } from "kysely";
import type { IdentityRow } from "../account-tables.ts";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

/** The first is the oldest. */
export function identitiesOf(db: Db, userId: number): Promise<IdentityRow[]> {
  return db.selectFrom("identities").where("user_id", "=", userId).orderBy("created_at").selectAll().execute();
}

export function identityOfSubject(db: Db, issuer: string, subject: string): Promise<IdentityRow | undefined> {
  return db
    .selectFrom("identities")
    .where("issuer", "=", issuer)
    .where("subject", "=", subject)
    .selectAll()
    .executeTakeFirst();
}

/** False when the login is linked already, or the user has another one of this issuer. */
export async function insertIdentity(db: Db, identity: IdentityRow): Promise<boolean> {
  const result = await db
    .insertInto("identities")
    .values(identity)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function markIdentityUsed(db: Db, id: string, label: string, now: number): Promise<void> {
  await db.updateTable("identities").set({ label, last_used_at: now }).where("id", "=", id).execute();
}

/** False when the user has no such identity. */
export async function deleteIdentity(db: Db, userId: number, id: string): Promise<boolean> {
  const result = await db
    .deleteFrom("identities")
    .where("user_id", "=", userId)
    .where("id", "=", id)
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}

export async function deleteIdentities(db: Db, userId: number): Promise<void> {
  await db.deleteFrom("identities").where("user_id", "=", userId).execute();
}

export async function insertVisit(db: Db, visit: Insertable<Tables["provider_visits"]>): Promise<void> {
  await db.insertInto("provider_visits").values(visit).execute();
}

interface Wanted {
  digest: string;
  kind: "asked" | "proved";
  now: number;
}

/** Undefined when it is unknown, used or expired. */
export function visitOf(db: Db, { digest, kind, now }: Wanted): Promise<{ data: string } | undefined> {
  return db
    .selectFrom("provider_visits")
    .where("digest", "=", digest)
    .where("kind", "=", kind)
    .where("expires_at", ">", now)
    .select("data")
    .executeTakeFirst();
}

/** Uses it up. Of two concurrent calls only one gets true. */
export async function takeVisit(db: Db, { digest, kind, now }: Wanted): Promise<boolean> {
  const result = await db
    .deleteFrom("provider_visits")
    .where("digest", "=", digest)
    .where("kind", "=", kind)
    .where("expires_at", ">", now)
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}

export async function deleteExpiredVisits(db: Db, now: number): Promise<void> {
  await db.deleteFrom("provider_visits").where("expires_at", "<=", now).execute();
}
