import { AppError } from "../../errors.ts";
import { userById } from "../../store/queries/users.ts";
import type { UserRow } from "../../store/schema.ts";
import type { Authentication, DomainContext } from "../context.ts";
import type { RateLimits } from "../rate-limits.ts";

/**
 * Counts an attempt at an account's password before the password is checked. Resolves with the function that refunds the
 * attempt when the password was right. The limit of address and account together comes first, so that an attacker at
 * one address cannot lock the owner out at another. `accountKey` need not belong to an account, so the limits do not
 * show which usernames exist. Rejects with `rate_limited`.
 */
export async function countAttempt(
  { accountLogins, accountGuesses }: Pick<RateLimits, "accountLogins" | "accountGuesses">,
  accountKey: string,
  from: string,
): Promise<() => void> {
  const pair = `${from} ${accountKey}`;
  await accountLogins.spend(pair);
  await accountGuesses.spend(accountKey);
  return () => {
    accountLogins.refund(pair);
    accountGuesses.refund(accountKey);
  };
}

/**
 * The actor's row, once they have given their password again. Counted as an attempt: a stolen access token must not become
 * a way to guess it. Throws `forbidden`, with the field in `details`, when it is wrong.
 */
export async function requirePassword(
  { store, passwords, rates }: Pick<DomainContext, "store" | "passwords" | "rates">,
  { userId, sessionId }: Authentication,
  password: string,
): Promise<UserRow> {
  const user = await userById(store.db, userId);
  if (!user) throw new AppError("unauthorized", "The session has ended.");
  const refund = await countAttempt(rates, user.username_key, sessionId);
  if (!(await passwords.verify(password, user.password_hash))) {
    throw new AppError("forbidden", "The password is wrong.", { details: { field: "password" } });
  }
  refund();
  return user;
}
