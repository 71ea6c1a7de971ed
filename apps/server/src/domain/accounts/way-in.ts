import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { identitiesOf } from "../../store/queries/identities.ts";
import { passkeysOf } from "../../store/queries/second-factors.ts";
import { userById } from "../../store/queries/users.ts";
import type { Tables } from "../../store/schema.ts";
import type { DomainContext } from "../context.ts";

/** Throws `conflict` when neither a password, a provider nor a passkey is left. Run it in the transaction that takes one away. */
export async function requireWayIn(
  { providers, settings }: Pick<DomainContext, "providers" | "settings">,
  db: Kysely<Tables>,
  userId: number,
): Promise<void> {
  const [user, identities, passkeys] = await Promise.all([
    userById(db, userId),
    identitiesOf(db, userId),
    passkeysOf(db, userId),
  ]);
  const hasPassword = settings.hasPasswordLogin && user?.password_hash !== "";
  if (hasPassword || passkeys.length > 0 || identities.some(({ issuer }) => providers.byIssuer(issuer))) return;
  throw new AppError("conflict", "This is your last way in. Set a password or add a passkey first.");
}
