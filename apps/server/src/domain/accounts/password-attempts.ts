import type { RateLimits } from "../rate-limits.ts";

/**
 * Counts an attempt at the password of an account before it is checked, and answers how to take that back when it was
 * right. By where it comes from first: whoever knows a name must not be able to keep its owner out from elsewhere.
 * `accountKey` need not belong to an account, so the limits do not tell which names exist.
 */
export function countAttempt(
  { accountLogins, accountGuesses }: Pick<RateLimits, "accountLogins" | "accountGuesses">,
  accountKey: string,
  from: string,
): () => void {
  const pair = `${from} ${accountKey}`;
  accountLogins.spend(pair);
  accountGuesses.spend(accountKey);
  return () => {
    accountLogins.refund(pair);
    accountGuesses.refund(accountKey);
  };
}
