import type { PasskeyAnswer } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { oneTimeSecret, takeOneTimeSecret } from "../../store/queries/recovery.ts";
import { factorsOf } from "../../store/queries/second-factors.ts";
import { userById } from "../../store/queries/users.ts";
import type { Tables, UserRow } from "../../store/schema.ts";
import type { DomainContext } from "../context.ts";
import { spendAuthenticatorCode } from "./authenticator.ts";
import { issueOneTimeSecret } from "./one-time-secrets.ts";
import { verifyPasskey, type RelyingParty } from "./passkeys.ts";
import { spendRecoveryCode } from "./recovery-codes.ts";
import { proofMethods } from "../require-confirmed.ts";
import { digest } from "./secrets.ts";
import { startSession, type Device, type Login } from "./sessions.ts";

/** What proves a second time who somebody is. */
export interface Proof {
  /** Of the authenticator app, or a recovery code. */
  code?: string | undefined;
  passkey?: PasskeyAnswer | undefined;
}

/**
 * After a right password: throws `second_factor_required` when the account has a second factor, with the ticket for the
 * second step. Clients that log in with a form cannot make one and get no ticket. `user`: as their password was checked;
 * throws `invalid_credentials` when it was replaced meanwhile.
 */
export async function requireSecondStep(
  context: Pick<DomainContext, "store" | "clock">,
  user: UserRow,
  kind: "web" | "legacy",
): Promise<void> {
  const { store, clock } = context;
  const methods = await proofMethods(store.db, user.id);
  if (methods.length === 0) return;
  if (kind === "legacy") {
    const message = "This account logs in with two factors, which a login by form cannot. Use the web client.";
    throw new AppError("second_factor_required", message, { details: { methods } });
  }
  // In one transaction, as a new password and the end of the tickets are: the ticket is of this password or not issued.
  const ticket = await store.db.transaction().execute(async (db) => {
    if ((await userById(db, user.id))?.password_hash !== user.password_hash) return null;
    return (await issueOneTimeSecret({ store: { db }, clock }, "login", user.id)).secret;
  });
  if (ticket === null) throw new AppError("invalid_credentials", "The password was changed meanwhile.");
  throw new AppError("second_factor_required", "The second step is missing: send the ticket and a code or a passkey.", {
    details: { ticket, methods },
  });
}

type StepContext = Pick<DomainContext, "store" | "clock" | "tokens" | "settings" | "rates" | "mail">;

/**
 * The second step of a login. Throws `unauthorized` when the ticket is unknown, used or too old; `invalid_credentials`
 * for a wrong proof, after which the ticket may be tried again; `rate_limited`.
 */
export async function finishLogIn(
  context: StepContext,
  step: Proof & { ticket: string; device: Device; limitKey: string; party: RelyingParty | null },
): Promise<Login> {
  const { store, clock } = context;
  const user = await userOfTicket(context, step.ticket);
  await requireSecondFactor(context, { userId: user.id, from: step.limitKey }, step, step.party);
  const ticket = { digest: digest(step.ticket), kind: "login", now: clock.now() } as const;
  if (!(await takeOneTimeSecret(store.db, ticket))) throw tooLate();
  return startSession(context, user, { kind: "web", device: step.device });
}

/** Whose login waits for its second step. Throws `unauthorized`. */
export async function userOfTicket(
  { store, clock }: Pick<DomainContext, "store" | "clock">,
  ticket: string,
): Promise<UserRow> {
  const row = await oneTimeSecret(store.db, { digest: digest(ticket), kind: "login", now: clock.now() });
  const user = row?.user_id == null ? undefined : await userById(store.db, row.user_id);
  if (!user) throw tooLate();
  return user;
}

/**
 * Uses the proof up. `from`: the client address, or the session that asks. Throws `invalid_credentials` or `rate_limited`; a
 * right proof costs nothing of the rates.
 */
export async function requireSecondFactor(
  context: Pick<DomainContext, "store" | "clock" | "rates">,
  { userId, from }: { userId: number; from: string },
  { code, passkey }: Proof,
  party: RelyingParty | null,
): Promise<void> {
  const { rates, store, clock } = context;
  const pair = `${from} second factor ${userId}`;
  await rates.accountLogins.spend(pair);
  // Only codes of an app can be guessed, so only they count for the whole account. When somebody else has used that up, the
  // owner's recovery codes and passkeys still work.
  const isGuessable = passkey === undefined && isAppCode(code ?? "");
  if (isGuessable) await rates.secondFactors.spend(userId);
  const isRight =
    passkey === undefined
      ? await isRightCode(store.db, userId, code ?? "", clock.now())
      : (await verifyPasskey(context, passkey, party, { isOnlyFactor: false })) === userId;
  if (!isRight) throw new AppError("invalid_credentials", "The code is wrong, or was used already.");
  rates.accountLogins.refund(pair);
  if (isGuessable) rates.secondFactors.refund(userId);
}

function isAppCode(code: string): boolean {
  return /^\d{6}$/.test(withoutGaps(code));
}

function withoutGaps(code: string): string {
  return code.replace(/[\s-]/g, "");
}

async function isRightCode(db: Kysely<Tables>, userId: number, code: string, now: number): Promise<boolean> {
  const { authenticator, passkey } = await factorsOf(db, userId);
  if (isAppCode(code)) return authenticator && spendAuthenticatorCode(db, userId, withoutGaps(code), now);
  // Without a second factor a recovery code replaces a lost password, and must not be spent on anything less.
  return (authenticator || passkey) && spendRecoveryCode(db, userId, code);
}

function tooLate(): AppError {
  return new AppError("unauthorized", "The login took too long. Begin again with the password.");
}
