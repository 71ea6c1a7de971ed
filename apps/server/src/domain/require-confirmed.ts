import type { ProofMethod } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { AppError } from "../errors.ts";
import { identitiesOf } from "../store/queries/identities.ts";
import { countRecoveryCodes } from "../store/queries/recovery.ts";
import { factorsOf } from "../store/queries/second-factors.ts";
import { holdSession, sessionById } from "../store/queries/sessions.ts";
import { userById } from "../store/queries/users.ts";
import type { SessionRow, Tables } from "../store/schema.ts";
import type { Authentication, DomainContext } from "./context.ts";

/** How long a proof of who somebody is holds. A login is one. */
const confirmedForMs = 10 * 60_000;

/**
 * For acts that cannot be undone, or that would lock the owner out. Throws `confirmation_required` when the session's
 * bearer has not proved within that time who they are: a token alone, stolen or left open on a screen, is not enough; and
 * `unauthorized` when the session has ended since its token was checked.
 */
export async function requireConfirmed(
  { store, clock }: Pick<DomainContext, "store" | "clock">,
  { sessionId, userId }: Pick<Authentication, "sessionId" | "userId">,
  withinMs = confirmedForMs,
): Promise<void> {
  const session = await requireLive(store.db, sessionId);
  if (clock.now() - session.confirmed_at < withinMs) return;
  const methods = await waysToConfirm(store.db, userId);
  throw new AppError("confirmation_required", "Confirm that it is you: POST /api/auth/confirm.", {
    details: { methods },
  });
}

/** The session, which may have ended since its token was checked: the body of a request arrives later. Throws `unauthorized`. */
export async function requireLive(db: Kysely<Tables>, sessionId: string): Promise<SessionRow> {
  const session = await sessionById(db, sessionId);
  if (session?.revoked_at === null) return session;
  throw ended();
}

/**
 * For what lets somebody in from then on, as the first of its transaction. A recovery ends the sessions first, and then takes away
 * what they added: it either waits for this one's end, or has ended the session. Throws `unauthorized`.
 */
export async function requireLiveUntilCommit(db: Kysely<Tables>, sessionId: string): Promise<void> {
  if (!(await holdSession(db, sessionId))) throw ended();
}

function ended(): AppError {
  return new AppError("unauthorized", "The session has ended.");
}

/** The second factors of the account; empty when the password is enough. Recovery codes stand in for the others. */
export async function proofMethods(db: Kysely<Tables>, userId: number): Promise<ProofMethod[]> {
  const { authenticator, passkey } = await factorsOf(db, userId);
  if (!authenticator && !passkey) return [];
  const hasCodes = (await countRecoveryCodes(db, userId)) > 0;
  return [
    ...(authenticator ? (["authenticator"] as const) : []),
    ...(passkey ? (["passkey"] as const) : []),
    ...(hasCodes ? (["recovery_code"] as const) : []),
  ];
}

/** How the account confirms who its bearer is: by its second factor; where it has none, by the password or a linked login. */
export async function waysToConfirm(db: Kysely<Tables>, userId: number): Promise<ProofMethod[]> {
  const methods = await proofMethods(db, userId);
  if (methods.length > 0) return methods;
  const [user, identities] = await Promise.all([userById(db, userId), identitiesOf(db, userId)]);
  return [
    ...(user?.password_hash === "" ? [] : (["password"] as const)),
    ...(identities.length > 0 ? (["provider"] as const) : []),
  ];
}
