import type { LogOutcome } from "../store/contract.ts";
import type { DomainContext } from "./context.ts";

interface Context {
  readonly rates: Pick<DomainContext["rates"], "namedPeople">;
}

/**
 * Changes a message only while its author's earlier changes have not named too many: everybody who has the channel open is
 * sent all who have reacted to it, each time. How many they are is known afterwards, so that it may leave a debt. Unless it has to ask
 * other nodes, calls `commit` at once. @throws AppError `rate_limited`
 */
export async function withinCrowdBudget(
  context: Context,
  userId: number,
  commit: () => Promise<LogOutcome>,
): Promise<LogOutcome> {
  const spent = requireCrowdBudget(context, userId);
  // Awaiting nothing would still give up this command's turn.
  if (spent) await spent;
  return countingCrowd(context, userId, commit);
}

/** For a command that changes a message among other things, before it changes any. @throws AppError `rate_limited` */
export function requireCrowdBudget({ rates }: Context, userId: number): void | Promise<void> {
  return rates.namedPeople.spend(userId, 0);
}

/** After `requireCrowdBudget`, for what was told to so many people one by one. */
export function chargeCrowd({ rates: { namedPeople } }: Context, userId: number, people: number): void {
  namedPeople.charge(userId, Math.min(namedPeople.rate.burst, people));
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

/** Whom the event of the change names. */
function peopleIn(outcome: LogOutcome): number {
  const event = outcome.ok ? outcome.event : null;
  if (event?.type === "reaction_updated") return event.data.reaction.user_ids.length;
  if (event?.type !== "message_edited") return 0;
  return event.data.reactions.reduce((sum, { user_ids }) => sum + user_ids.length, 0);
}
