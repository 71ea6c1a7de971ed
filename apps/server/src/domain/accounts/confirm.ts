import type { ConfirmBody, PasskeyAnswer } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { confirmSession } from "../../store/queries/sessions.ts";
import { userById } from "../../store/queries/users.ts";
import type { Authentication, DomainContext } from "../context.ts";
import { countProof } from "./password-attempts.ts";
import type { RelyingParty } from "./passkeys.ts";
import { waysToConfirm } from "../require-confirmed.ts";
import { requireSecondFactor } from "./second-factor.ts";

type Context = Pick<DomainContext, "store" | "clock" | "passwords" | "rates">;

/**
 * Proves who the session's bearer is: with a second factor where the account has one, with the password otherwise. Throws
 * `invalid_credentials`, `forbidden` for a password that is not enough, or `rate_limited`.
 */
export async function confirm(
  context: Context,
  authentication: Authentication,
  proof: ConfirmBody & { passkey?: PasskeyAnswer | undefined },
  party: RelyingParty | null,
): Promise<void> {
  const { store, clock } = context;
  const { userId, sessionId } = authentication;
  const methods = await waysToConfirm(store.db, userId);
  if (proof.password === undefined) await requireSecondFactor(context, { userId, from: sessionId }, proof, party);
  else if (methods.includes("password")) await requirePassword(context, authentication, proof.password);
  else throw new AppError("forbidden", "This account confirms with its second factor.", { details: { methods } });
  await confirmSession(store.db, sessionId, clock.now());
}

async function requirePassword(
  { store, passwords, rates }: Context,
  { userId, sessionId }: Authentication,
  password: string,
): Promise<void> {
  const user = await userById(store.db, userId);
  if (!user) throw new AppError("unauthorized", "The session has ended.");
  await countProof(rates, user.username_key, sessionId);
  if (!(await passwords.verify(password, user.password_hash, userId))) {
    throw new AppError("invalid_credentials", "The password is wrong.");
  }
}
