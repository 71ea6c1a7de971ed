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
 * second step. Clients that log in with a form cannot make one and get no ticket.
 */
export async function requireSecondStep(
  context: Pick<DomainContext, "store" | "clock">,
  userId: number,
  kind: "web" | "legacy",
): Promise<void> {
  const methods = await proofMethods(context.store.db, userId);
  if (methods.length === 0) return;
  if (kind === "legacy") {
    const message = "This account logs in with two factors, which a login by form cannot. Use the web client.";
    throw new AppError("second_factor_required", message, { details: { methods } });
  }
  const { secret: ticket } = await issueOneTimeSecret(context, "login", userId);
  throw new AppError("second_factor_required", "The second step is missing: send the ticket and a code or a passkey.", {
    details: { ticket, methods },
  });
}

type StepContext = Pick<DomainContext, "store" | "clock" | "tokens" | "settings" | "rates">;

/**
 * The second step of a login. Throws `unauthorized` when the ticket is unknown, used or too old; `invalid_credentials`
 * for a wrong proof, after which the ticket may be tried again; `rate_limited`.
 */
export async function finishLogIn(
  context: StepContext,
  step: Proof & { ticket: string; device: Device; party: RelyingParty | null },
): Promise<Login> {
  const { store, clock } = context;
  const user = await userOfTicket(context, step.ticket);
  await requireSecondFactor(context, user.id, step, step.party);
  const ticket = { digest: digest(step.ticket), kind: "login", now: clock.now() } as const;
  if (!(await takeOneTimeSecret(store.db, ticket))) throw tooLate();
  return startSession(context, user, "web", step.device);
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

/** Uses the proof up. Throws `invalid_credentials` or `rate_limited`; a right proof costs nothing of the rate. */
export async function requireSecondFactor(
  context: Pick<DomainContext, "store" | "clock" | "rates">,
  userId: number,
  { code, passkey }: Proof,
  party: RelyingParty | null,
): Promise<void> {
  const { rates, store, clock } = context;
  await rates.secondFactors.spend(userId);
  const isRight =
    passkey === undefined
      ? await isRightCode(store.db, userId, code ?? "", clock.now())
      : (await verifyPasskey(context, passkey, party, { isOnlyFactor: false })) === userId;
  if (!isRight) throw new AppError("invalid_credentials", "The code is wrong, or was used already.");
  rates.secondFactors.refund(userId);
}

async function isRightCode(db: Kysely<Tables>, userId: number, code: string, now: number): Promise<boolean> {
  const { authenticator, passkey } = await factorsOf(db, userId);
  const plain = code.replace(/[\s-]/g, "");
  if (/^\d{6}$/.test(plain)) return authenticator && spendAuthenticatorCode(db, userId, plain, now);
  // Without a second factor a recovery code replaces a lost password, and must not be spent on anything less.
  return (authenticator || passkey) && spendRecoveryCode(db, userId, code);
}

function tooLate(): AppError {
  return new AppError("unauthorized", "The login took too long. Begin again with the password.");
}
