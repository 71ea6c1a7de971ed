import type { Me } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import type { Tables } from "../../store/schema.ts";
import { presentMe, updateUser } from "../../store/queries/users.ts";
import type { Actor, DomainContext } from "../context.ts";
import { publish } from "../publish.ts";
import { digest, newSecret } from "./secrets.ts";

const metaKey = "admin_claim";

/**
 * A secret that makes its bearer the instance's administrator, once; null when there is one already. Only the digest
 * is kept, so each start makes a new secret and the one before is void.
 */
export async function issueClaim({ store }: Pick<DomainContext, "store">): Promise<string | null> {
  const admin = await store.db.selectFrom("users").where("is_admin", "=", 1).select("id").limit(1).executeTakeFirst();
  if (admin) return null;
  const secret = newSecret();
  await store.db
    .insertInto("meta")
    .values({ key: metaKey, value: digest(secret) })
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ value: digest(secret) }))
    .execute();
  return secret;
}

/** Inside the transaction that makes the administrator: of two that come with the secret, one wins. */
export async function consumeClaim(db: Kysely<Tables>, secret: string): Promise<void> {
  const result = await db
    .deleteFrom("meta")
    .where("key", "=", metaKey)
    .where("value", "=", digest(secret))
    .executeTakeFirst();
  if (result.numDeletedRows !== 1n) throw new AppError("forbidden", "This link is not valid or was already used.");
}

/** For somebody who is logged in. */
export async function claimInstance(
  context: Pick<DomainContext, "store" | "bus">,
  { userId }: Actor,
  secret: string,
): Promise<Me> {
  const user = await context.store.db.transaction().execute(async (db) => {
    await consumeClaim(db, secret);
    return updateUser(db, userId, { is_admin: 1 });
  });
  publish(context, `user:${userId}`, { type: "me_updated", user_id: userId });
  return presentMe(user);
}
