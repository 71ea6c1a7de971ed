import type { Clock } from "../../clock.ts";
import { requireTokens, TokenBuckets } from "../../concurrency/token-buckets.ts";
import type { LogOutcome, Store } from "../../store/contract.ts";

/** People whom the changes of one user name: thousands twice, then a thousand a second. */
const named = { burst: 20_000, perSecond: 1_000 };

const budgets = new WeakMap<Store, TokenBuckets>();

/**
 * Changes a message only while its author's earlier changes have not named too many: everybody who has the channel open is
 * sent all who have reacted to it, each time. How many they are is known afterwards, so that it may leave a debt. Calls
 * `commit` at once. @throws AppError `rate_limited`
 */
export async function withinCrowdBudget(
  { store, clock }: { store: Store; clock: Clock },
  userId: number,
  commit: () => Promise<LogOutcome>,
): Promise<LogOutcome> {
  const budget = budgets.get(store) ?? new TokenBuckets(named, clock);
  budgets.set(store, budget);
  requireTokens(budget.waitMs(userId, 0));
  const outcome = await commit();
  budget.charge(userId, Math.min(named.burst, peopleIn(outcome)));
  return outcome;
}

/** Whom the event of the change names. */
function peopleIn(outcome: LogOutcome): number {
  const event = outcome.ok ? outcome.event : null;
  if (event?.type === "reaction_updated") return event.data.reaction.user_ids.length;
  if (event?.type !== "message_edited") return 0;
  return event.data.reactions.reduce((sum, { user_ids }) => sum + user_ids.length, 0);
}
