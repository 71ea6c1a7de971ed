import type { Kysely } from "kysely";
import type { PasskeyRow } from "../account-tables.ts";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

/** The user's authenticator app, confirmed or not. */
export function authenticatorOf(
  db: Db,
  userId: number,
): Promise<{ secret: string; confirmed_at: number | null } | undefined> {
  return db
    .selectFrom("authenticators")
    .where("user_id", "=", userId)
    .select(["secret", "confirmed_at"])
    .executeTakeFirst();
}

/** Begins anew with another secret; false when the user has an authenticator app already. */
export async function beginAuthenticator(db: Db, userId: number, secret: string): Promise<boolean> {
  const result = await db
    .insertInto("authenticators")
    .values({ user_id: userId, secret, confirmed_at: null })
    .onConflict((conflict) =>
      conflict.column("user_id").doUpdateSet({ secret }).where("authenticators.confirmed_at", "is", null),
    )
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** From now on the app is asked for. False when it was confirmed before, or has another secret meanwhile. */
export async function confirmAuthenticator(
  db: Db,
  { userId, secret, step, now }: { userId: number; secret: string; step: number; now: number },
): Promise<boolean> {
  const result = await db
    .updateTable("authenticators")
    .set({ confirmed_at: now, last_step: step })
    .where("user_id", "=", userId)
    .where("secret", "=", secret)
    .where("confirmed_at", "is", null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Uses up the code of this half minute and all before it; false when that was done already. One statement, so of two only one succeeds. */
export async function takeStep(db: Db, userId: number, step: number): Promise<boolean> {
  const result = await db
    .updateTable("authenticators")
    .set({ last_step: step })
    .where("user_id", "=", userId)
    .where("confirmed_at", "is not", null)
    .where("last_step", "<", step)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** False when the user has none, confirmed or not. */
export async function deleteAuthenticator(db: Db, userId: number): Promise<boolean> {
  const result = await db.deleteFrom("authenticators").where("user_id", "=", userId).executeTakeFirst();
  return result.numDeletedRows === 1n;
}

/** The first is the oldest. */
export function passkeysOf(db: Db, userId: number): Promise<PasskeyRow[]> {
  return db.selectFrom("passkeys").where("user_id", "=", userId).orderBy("created_at").selectAll().execute();
}

export function passkeyById(db: Db, id: string): Promise<PasskeyRow | undefined> {
  return db.selectFrom("passkeys").where("id", "=", id).selectAll().executeTakeFirst();
}

/** False when the credential is known already, whoever it belongs to. */
export async function insertPasskey(db: Db, passkey: PasskeyRow): Promise<boolean> {
  const result = await db
    .insertInto("passkeys")
    .values(passkey)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function markPasskeyUsed(db: Db, id: string, counter: number, now: number): Promise<void> {
  await db.updateTable("passkeys").set({ counter, last_used_at: now }).where("id", "=", id).execute();
}

/** False when the user has no such passkey. */
export async function deletePasskey(db: Db, userId: number, id: string): Promise<boolean> {
  const result = await db.deleteFrom("passkeys").where("user_id", "=", userId).where("id", "=", id).executeTakeFirst();
  return result.numDeletedRows === 1n;
}

export async function deletePasskeys(db: Db, userId: number): Promise<void> {
  await db.deleteFrom("passkeys").where("user_id", "=", userId).execute();
}

/** Which second factors the user has. */
export async function factorsOf(db: Db, userId: number): Promise<{ authenticator: boolean; passkey: boolean }> {
  const [authenticator, passkey] = await Promise.all([
    db
      .selectFrom("authenticators")
      .where("user_id", "=", userId)
      .where("confirmed_at", "is not", null)
      .select("user_id")
      .executeTakeFirst(),
    db.selectFrom("passkeys").where("user_id", "=", userId).select("id").limit(1).executeTakeFirst(),
  ]);
  return { authenticator: authenticator !== undefined, passkey: passkey !== undefined };
}

/** Whether the user, of a bot its owner, has an authenticator app or a passkey. */
export async function hasFactor(db: Db, userId: number): Promise<boolean> {
  const bot = await db.selectFrom("bots").where("user_id", "=", userId).select("owner_id").executeTakeFirst();
  const { authenticator, passkey } = await factorsOf(db, bot?.owner_id ?? userId);
  return authenticator || passkey;
}

/** Of the user's servers those that require a second factor of who moderates. */
export async function serversRequiringFactor(db: Db, userId: number): Promise<number[]> {
  const rows = await db
    .selectFrom("members")
    .innerJoin("servers", "servers.id", "members.server_id")
    .where("members.user_id", "=", userId)
    .where("servers.factor_required", "=", 1)
    .select("servers.id")
    .execute();
  return rows.map(({ id }) => id);
}
