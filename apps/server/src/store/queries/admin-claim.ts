import type { Kysely } from "kysely";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

const metaKey = "admin_claim";

/** Whether the instance has an administrator. */
export async function hasAdmin(db: Db): Promise<boolean> {
  const row = await db.selectFrom("users").where("is_admin", "=", 1).select("id").limit(1).executeTakeFirst();
  return row !== undefined;
}

/** Stores the digest of the claim secret in place of the one before. */
export async function replaceAdminClaim(db: Db, secretDigest: string): Promise<void> {
  await db
    .insertInto("meta")
    .values({ key: metaKey, value: secretDigest })
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ value: secretDigest }))
    .execute();
}

/** Deletes the claim with this digest; false when there is none. Of two concurrent calls only one answers true. */
export async function takeAdminClaim(db: Db, secretDigest: string): Promise<boolean> {
  const result = await db
    .deleteFrom("meta")
    .where("key", "=", metaKey)
    .where("value", "=", secretDigest)
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}
