import type { Clock } from "../clock.ts";
import { requireTokens, TokenBuckets } from "../concurrency/token-buckets.ts";
import type { LogOutcome, Store } from "../store/contract.ts";

/** People whom the changes of one user name, or who are told of them one by one: thousands twice, then a thousand a second. */
const named = { burst: 20_000, perSecond: 1_000 };

const budgets = new WeakMap<Store, TokenBuckets>();

interface Context {
  readonly store: Store;
  readonly clock: Clock;
}

/**
 * Changes a message only while its author's earlier changes have not named too many: everybody who has the channel open is
 * sent all who have reacted to it, each time. How many they are is known afterwards, so that it may leave a debt. Calls
 * `commit` at once. @throws AppError `rate_limited`
 */
export async function withinCrowdBudget(
  context: Context,
  userId: number,
  commit: () => Promise<LogOutcome>,
): Promise<LogOutcome> {
  requireCrowdBudget(context, userId);
  return countingCrowd(context, userId, commit);
}

/** For a command that changes a message among other things, before it changes any. @throws AppError `rate_limited` */
export function requireCrowdBudget(context: Context, userId: number): void {
  requireTokens(budgetOf(context).waitMs(userId, 0));
}

/** After `requireCrowdBudget`, for what was told to so many people one by one. */
export function chargeCrowd(context: Context, userId: number, people: number): void {
  budgetOf(context).charge(userId, Math.min(named.burst, people));
}

/** `withinCrowdBudget` after `requireCrowdBudget`. */
export async function countingCrowd(
  context: Context,
  userId: number,
  commit: () => Promise<LogOutcome>,
): Promise<LogOutcome> {
  const outcome = await commit();
  chargeCrowd(context, userId, peopleIn(outcome));
  return outcome;
}

function budgetOf({ store, clock }: Context): TokenBuckets {
  const known = budgets.get(store) ?? new TokenBuckets(named, clock);
  budgets.set(store, known);
  return known;
}

/** Whom the event of the change names. */
function peopleIn(outcome: LogOutcome): number {
  const event = outcome.ok ? outcome.event : null;
  if (event?.type === "reaction_updated") return event.data.reaction.user_ids.length;
  if (event?.type !== "message_edited") return 0;
  return event.data.reactions.reduce((sum, { user_ids }) => sum + user_ids.length, 0);
}
