import type { AuthenticatorSecret } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { countRecoveryCodes } from "../../store/queries/recovery.ts";
import {
  authenticatorOf,
  beginAuthenticator,
  confirmAuthenticator,
  deleteAuthenticator,
  takeStep,
} from "../../store/queries/second-factors.ts";
import type { Tables } from "../../store/schema.ts";
import type { Authentication, DomainContext } from "../context.ts";
import { requireConfirmed, requireLiveUntilCommit } from "../require-confirmed.ts";
import { announceFactors, spendForFactors } from "../servers/required-factor.ts";
import { notice } from "./notices.ts";
import { replaceCodes } from "./recovery-codes.ts";
import { revokeOtherSessions } from "./sessions.ts";

/** What authenticator apps expect; several ignore other values. */
const parameters = { algorithm: "SHA1", digits: 6, period: 30 } as const;
/** Half minutes before and after the present one whose codes are accepted: clocks differ and people type slowly. */
const tolerance = 1;
const secretBytes = 20;

/** Loaded when it is needed. */
const library = () => import("otpauth");

type Context = Pick<DomainContext, "store" | "clock" | "bus" | "rates" | "mail">;

/** Makes a new secret. Nothing is asked for before its first code. Throws `conflict` or `confirmation_required`. */
export async function beginAuthenticatorSetup(
  context: Pick<DomainContext, "store" | "clock">,
  authentication: Authentication,
  instanceName: string,
): Promise<AuthenticatorSecret> {
  await requireConfirmed(context, authentication);
  const { Secret, TOTP } = await library();
  const secret = new Secret({ size: secretBytes });
  if (!(await beginAuthenticator(context.store.db, authentication.userId, secret.base32))) {
    throw new AppError("conflict", "The account has an authenticator app already.");
  }
  const label = authentication.user.username;
  const uri = new TOTP({ ...parameters, issuer: instanceName, label, secret }).toString();
  return { secret: secret.base32, uri };
}

/**
 * From now on logins ask for a code. Ends the user's other sessions, which began without one. Resolves with recovery codes
 * when the user has none. Throws `invalid_credentials`, `conflict`, `rate_limited` or `confirmation_required`.
 */
export async function finishAuthenticatorSetup(
  context: Context,
  authentication: Authentication,
  code: string,
): Promise<string[]> {
  const { store, clock, rates } = context;
  const { userId } = authentication;
  await requireConfirmed(context, authentication);
  await spendForFactors(context, userId);
  await rates.secondFactors.spend(userId);
  const row = await authenticatorOf(store.db, userId);
  if (!row || row.confirmed_at !== null) throw new AppError("conflict", "No authenticator app is being set up.");
  const step = await stepOf(row.secret, code.replace(/[\s-]/g, ""), clock.now());
  if (step === null) throw new AppError("invalid_credentials", "The code is wrong.");
  const { secret } = row;
  const codes = await store.db.transaction().execute(async (db) => {
    await requireLiveUntilCommit(db, authentication.sessionId);
    if (!(await confirmAuthenticator(db, { userId, secret, step, now: clock.now() }))) {
      throw new AppError("conflict", "The authenticator app was set up in another window.");
    }
    await notice(context, db, userId, "factors_changed");
    return (await countRecoveryCodes(db, userId)) > 0 ? [] : replaceCodes(db, userId);
  });
  rates.secondFactors.refund(userId);
  await announceFactors(context, userId);
  await revokeOtherSessions(context, authentication);
  return codes;
}

/**
 * Ends the user's other sessions, as the app may have begun them; does nothing without one. Throws `confirmation_required` or
 * `rate_limited`.
 */
export async function removeAuthenticator(context: Context, authentication: Authentication): Promise<void> {
  await requireConfirmed(context, authentication);
  const { userId, sessionId } = authentication;
  await spendForFactors(context, userId);
  const isRemoved = await context.store.db.transaction().execute(async (db) => {
    await requireLiveUntilCommit(db, sessionId);
    if (!(await deleteAuthenticator(db, userId))) return false;
    await notice(context, db, userId, "factors_changed");
    return true;
  });
  if (!isRemoved) return;
  await announceFactors(context, userId);
  await revokeOtherSessions(context, authentication);
}

/** Whether the code is right and neither it nor a later one was used before. */
export async function spendAuthenticatorCode(
  db: Kysely<Tables>,
  userId: number,
  code: string,
  now: number,
): Promise<boolean> {
  const row = await authenticatorOf(db, userId);
  if (!row || row.confirmed_at === null) return false;
  const step = await stepOf(row.secret, code, now);
  return step !== null && takeStep(db, userId, step);
}

/** The number of the half minute that the code belongs to; null for a wrong code. */
async function stepOf(base32: string, code: string, now: number): Promise<number | null> {
  const { Secret, TOTP } = await library();
  const totp = new TOTP({ ...parameters, secret: Secret.fromBase32(base32) });
  const delta = totp.validate({ token: code, timestamp: now, window: tolerance });
  return delta === null ? null : TOTP.counter({ period: parameters.period, timestamp: now }) + delta;
}
