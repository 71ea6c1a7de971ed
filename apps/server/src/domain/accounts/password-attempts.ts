import type { RateLimits } from "../rate-limits.ts";

type Rates = Pick<RateLimits, "accountLogins" | "accountGuesses">;

/**
 * Counts an attempt at an account's password before the password is checked. Resolves with the function that refunds the
 * attempt when the password was right. The limit of address and account together comes first, so that an attacker at
 * one address cannot lock the owner out at another. `accountKey` need not belong to an account, so the limits
 * do not show which usernames exist. Rejects with `rate_limited`.
 */
export async function countAttempt(
  { accountLogins, accountGuesses }: Rates,
  accountKey: string,
  limitKey: string,
): Promise<() => void> {
  const pair = `${limitKey} ${accountKey}`;
  await accountLogins.spend(pair);
  await accountGuesses.spend(accountKey);
  return () => {
    accountLogins.refund(pair);
    accountGuesses.refund(accountKey);
  };
}

/**
 * Counts a password that a session sends, right or wrong, since somebody who is logged in could send right ones without end. For
 * that session only: guesses from elsewhere keep no owner who is logged in from a new password. Rejects with `rate_limited`.
 */
export async function countProof({ accountLogins }: Rates, accountKey: string, sessionId: string): Promise<void> {
  await accountLogins.spend(`${sessionId} ${accountKey}`);
}
