import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { identitiesOf } from "../../store/queries/identities.ts";
import { passkeysOf } from "../../store/queries/second-factors.ts";
import { userById } from "../../store/queries/users.ts";
import type { Tables } from "../../store/schema.ts";
import type { Authentication, DomainContext } from "../context.ts";
import { requireConfirmed, requireLiveUntilCommit } from "../require-confirmed.ts";
import { announceFactors, spendForFactors } from "../servers/required-factor.ts";
import { notice } from "./notices.ts";
import { revokeOtherSessions } from "./sessions.ts";

type Context = Pick<DomainContext, "store" | "clock" | "bus" | "mail" | "providers" | "rates" | "settings">;

/**
 * Takes a passkey or login away from its user, unless nothing else would let them in, and ends their other sessions, which it may
 * have begun. `remove` returns false when there is none, which throws `not_found` with the message. Throws
 * `confirmation_required`, `rate_limited` or `conflict`.
 */
export async function removeWayIn(
  context: Context,
  authentication: Authentication,
  { remove, missing }: { remove: (db: Kysely<Tables>) => Promise<boolean>; missing: string },
): Promise<void> {
  await requireConfirmed(context, authentication);
  const { userId, sessionId } = authentication;
  await spendForFactors(context, userId);
  await context.store.db.transaction().execute(async (db) => {
    await requireLiveUntilCommit(db, sessionId);
    if (!(await remove(db))) throw new AppError("not_found", missing);
    await requireWayIn(context, db, userId);
    await notice(context, db, userId, "factors_changed");
  });
  await announceFactors(context, userId);
  await revokeOtherSessions(context, authentication);
}

/** Throws `conflict` when neither a password, a provider nor a passkey is left. */
async function requireWayIn(
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
