import { sql, type Kysely } from "kysely";
import type { Tables } from "../schema.ts";
import { deleteInPortions } from "./delete-in-portions.ts";

type Db = Kysely<Tables>;

/**
 * `login`: the password was right, the second step is missing. `reset`: a link that an operator or an administrator
 * hands over; `mail_reset`: one that went to the confirmed address. `passkey`: a challenge to sign. `email`: a link that
 * confirms the user's pending address. `link`: a login link.
 */
export type OneTimeSecretKind = "login" | "reset" | "mail_reset" | "passkey" | "email" | "link";

export async function insertOneTimeSecret(
  db: Db,
  secret: { digest: string; kind: OneTimeSecretKind; user_id: number | null; expires_at: number },
): Promise<void> {
  await db.insertInto("one_time_secrets").values(secret).execute();
}

interface Wanted {
  digest: string;
  kind: OneTimeSecretKind;
  now: number;
}

/** Reads a secret without using it up; undefined when it is unknown, used or expired. */
export function oneTimeSecret(db: Db, { digest, kind, now }: Wanted): Promise<{ user_id: number | null } | undefined> {
  return db
    .selectFrom("one_time_secrets")
    .where("digest", "=", digest)
    .where("kind", "=", kind)
    .where("expires_at", ">", now)
    .select("user_id")
    .executeTakeFirst();
}

/** Uses a secret up. Of two concurrent calls only one gets the row. */
export function takeOneTimeSecret(
  db: Db,
  { digest, kind, now }: Wanted,
): Promise<{ user_id: number | null } | undefined> {
  return db
    .deleteFrom("one_time_secrets")
    .where("digest", "=", digest)
    .where("kind", "=", kind)
    .where("expires_at", ">", now)
    .returning("user_id")
    .executeTakeFirst();
}

/** Voids the user's secrets of these kinds. */
export async function voidOneTimeSecrets(db: Db, userId: number, kinds: readonly OneTimeSecretKind[]): Promise<void> {
  await db.deleteFrom("one_time_secrets").where("user_id", "=", userId).where("kind", "in", kinds).execute();
}

export async function deleteExpiredSecrets(db: Db, now: number): Promise<void> {
  await deleteInPortions(db, "one_time_secrets", sql<boolean>`expires_at <= ${now}`);
}

/** Replaces all recovery codes of the user. Run it in a transaction. */
export async function replaceRecoveryCodes(db: Db, userId: number, digests: readonly string[]): Promise<void> {
  await deleteRecoveryCodes(db, userId);
  await db
    .insertInto("recovery_codes")
    .values(digests.map((digest) => ({ user_id: userId, digest })))
    .execute();
}

export async function deleteRecoveryCodes(db: Db, userId: number): Promise<void> {
  await db.deleteFrom("recovery_codes").where("user_id", "=", userId).execute();
}

/** Uses a code up; false when it is none of the user's. Of two concurrent calls only one gets true. */
export async function takeRecoveryCode(db: Db, userId: number, digest: string): Promise<boolean> {
  const result = await db
    .deleteFrom("recovery_codes")
    .where("user_id", "=", userId)
    .where("digest", "=", digest)
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}

export async function countRecoveryCodes(db: Db, userId: number): Promise<number> {
  const rows = await db.selectFrom("recovery_codes").where("user_id", "=", userId).select("digest").execute();
  return rows.length;
}
