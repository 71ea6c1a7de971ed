import { randomUUID } from "node:crypto";
import type { Identity } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import type { IdentityRow } from "../../store/account-tables.ts";
import * as queries from "../../store/queries/identities.ts";
import { confirmSession } from "../../store/queries/sessions.ts";
import type { Tables } from "../../store/schema.ts";
import type { Authentication, DomainContext } from "../context.ts";
import type { LoginProviders, ProvedIdentity } from "../ports.ts";
import { requireConfirmed, requireLiveUntilCommit, waysToConfirm } from "../require-confirmed.ts";
import { notice } from "./notices.ts";
import { provedVisit, takeProof, type ProvedVisit } from "./provider-visits.ts";
import { removeWayIn } from "./way-in.ts";

type Context = Pick<DomainContext, "store" | "clock" | "providers" | "mail" | "rates">;
type Db = Kysely<Tables>;

/** Clocks of providers may differ from this one by so much. */
const skewMs = 30_000;

export function presentIdentity(providers: LoginProviders, row: IdentityRow): Identity {
  return {
    id: row.id,
    provider: providers.byIssuer(row.issuer)?.id ?? null,
    label: row.label,
    created_at: new Date(row.created_at).toISOString(),
    last_used_at: new Date(row.last_used_at).toISOString(),
  };
}

/** Must run in a transaction. Throws `conflict`. */
export async function link(db: Db, userId: number, identity: ProvedIdentity, now: number): Promise<void> {
  const { issuer, subject, label } = identity;
  const row = { id: randomUUID(), user_id: userId, issuer, subject, label, created_at: now, last_used_at: now };
  if (await queries.insertIdentity(db, row)) return;
  throw new AppError(
    "conflict",
    "This login belongs to an account already, or yours has another one of this provider.",
  );
}

/**
 * Links what the user has proved at a provider, in the session that went there or, after a login for which no account was
 * found, in a session of the same browser. Throws `confirmation_required`, `unauthorized`, `rate_limited` or `conflict`.
 */
export async function linkIdentity(
  context: Context,
  authentication: Authentication,
  proof: string | undefined,
): Promise<void> {
  const { store, clock } = context;
  const { visit } = await provedVisit(context, proof);
  await context.rates.changes.spend(authentication.userId);
  // A visit that links began with a proof, in the same session.
  if (visit.purpose === "login") await requireConfirmed(context, authentication);
  else requireSame(visit, "link", authentication);
  await store.db.transaction().execute(async (db) => {
    await requireLiveUntilCommit(db, authentication.sessionId);
    await takeProof(db, clock, proof!);
    await link(db, authentication.userId, visit.identity, clock.now());
    await notice(context, db, authentication.userId, "factors_changed");
  });
}

/** As `removeWayIn`. */
export function unlinkIdentity(
  context: Context & Pick<DomainContext, "bus" | "settings">,
  authentication: Authentication,
  id: string,
): Promise<void> {
  return removeWayIn(context, authentication, {
    remove: (db) => queries.deleteIdentity(db, authentication.userId, id),
    missing: "There is no such login.",
  });
}

/**
 * Proves who the session's bearer is, by a login at a provider since the session asked for it. Throws `unauthorized`,
 * `forbidden` where the account confirms with its second factor, or `invalid_credentials`: another person, or a provider that does not
 * say that they logged in anew.
 */
export async function confirmByProvider(
  context: Context,
  authentication: Authentication,
  proof: string | undefined,
): Promise<void> {
  const { store, clock } = context;
  const { visit } = await provedVisit(context, proof);
  const { userId, sessionId } = requireSame(visit, "confirm", authentication);
  await takeProof(store.db, clock, proof!);
  const methods = await waysToConfirm(store.db, userId);
  if (!methods.includes("provider")) {
    throw new AppError("forbidden", "This account confirms in another way.", { details: { methods } });
  }
  const { issuer, subject, authenticatedAt } = visit.identity;
  const known = await queries.identityOfSubject(store.db, issuer, subject);
  if (known?.user_id !== userId) throw new AppError("invalid_credentials", "This is another login than yours.");
  if (authenticatedAt === null || authenticatedAt < visit.startedAt - skewMs) {
    throw new AppError("invalid_credentials", "The provider does not say that you have logged in there just now.");
  }
  await confirmSession(store.db, sessionId, clock.now());
}

/** Another session, or another user in the same browser, must not get what this one asked for. */
function requireSame(
  visit: ProvedVisit,
  purpose: ProvedVisit["purpose"],
  authentication: Authentication,
): Authentication {
  if (visit.purpose === purpose && visit.sessionId === authentication.sessionId) return authentication;
  throw new AppError("unauthorized", "This was begun in another session. Begin again.");
}
