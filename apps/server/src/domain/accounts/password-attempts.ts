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
