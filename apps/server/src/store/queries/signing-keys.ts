import { randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import type { SigningKeyRow, Tables } from "../schema.ts";

type Db = Kysely<Tables>;

const secretBytes = 32;
const idBytes = 6;

/** A new random key in the form in which it is stored. */
export function newSigningSecret(): string {
  return randomBytes(secretBytes).toString("base64url");
}

/** All keys, the one that signs first. */
export function signingKeys(db: Db): Promise<SigningKeyRow[]> {
  return db.selectFrom("signing_keys").selectAll().orderBy("generation", "desc").execute();
}

/** Stores the first key unless there is a key. Of nodes that start at once, all then have the key of the first one. */
export async function ensureSigningKey(db: Db, secret: string, now: number): Promise<void> {
  const existing = await db.selectFrom("signing_keys").select("generation").limit(1).executeTakeFirst();
  if (existing) return;
  await db
    .insertInto("signing_keys")
    .values({ generation: 1, id: newId(), secret, created_at: now })
    .onConflict((conflict) => conflict.column("generation").doNothing())
    .execute();
}

/**
 * Makes a new key that signs from now on; with `revoke` the others are deleted. Must run inside a transaction; a
 * rotation at the same time fails with a unique violation.
 */
export async function rotateSigningKey(db: Db, { now, revoke }: { now: number; revoke: boolean }): Promise<void> {
  const { generation } = await db
    .selectFrom("signing_keys")
    .select((select) => select.fn.coalesce(select.fn.max("generation"), select.val(0)).as("generation"))
    .executeTakeFirstOrThrow();
  const next = generation + 1;
  await db
    .insertInto("signing_keys")
    .values({ generation: next, id: newId(), secret: newSigningSecret(), created_at: now })
    .execute();
  if (revoke) await db.deleteFrom("signing_keys").where("generation", "<", next).execute();
}

/** Deletes keys whose successor was made before the given time. */
export async function deleteSigningKeysReplacedBefore(db: Db, before: number): Promise<void> {
  const successor = await db
    .selectFrom("signing_keys")
    .select("generation")
    .where("created_at", "<", before)
    .orderBy("generation", "desc")
    .limit(1)
    .executeTakeFirst();
  if (successor) await db.deleteFrom("signing_keys").where("generation", "<", successor.generation).execute();
}

function newId(): string {
  return randomBytes(idBytes).toString("base64url");
}
