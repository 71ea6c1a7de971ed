import type { RateLimits } from "../rate-limits.ts";

/**
 * Counts an attempt at an account's password before the password is checked. Resolves with the function that refunds the
 * attempt when the password was right. The limit of address and account together comes first, so that an attacker at
 * one address cannot lock the owner out at another. Attempts of a session count for that session only: guesses from
 * elsewhere keep no owner who is logged in from a new password. `accountKey` need not belong to an account, so the limits
 * do not show which usernames exist. Rejects with `rate_limited`.
 */
export async function countAttempt(
  { accountLogins, accountGuesses }: Pick<RateLimits, "accountLogins" | "accountGuesses">,
  accountKey: string,
  from: { limitKey: string } | { sessionId: string },
): Promise<() => void> {
  const isLogin = "limitKey" in from;
  const pair = `${isLogin ? from.limitKey : from.sessionId} ${accountKey}`;
  await accountLogins.spend(pair);
  if (isLogin) await accountGuesses.spend(accountKey);
  return () => {
    accountLogins.refund(pair);
    if (isLogin) accountGuesses.refund(accountKey);
  };
}
