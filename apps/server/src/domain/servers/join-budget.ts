import type { ServerState } from "@miscord/protocol";
import { requireTokens, TokenBuckets } from "../../concurrency/token-buckets.ts";
import { countThreads } from "../../store/queries/threads.ts";
import type { DomainContext } from "../context.ts";

/**
 * Channels and overrides of servers that somebody joins, or that their bots do: a large server is read, encoded and sent to all of
 * their clients each time, and what was written in it is marked as read, in its threads too. How many they are is known afterwards,
 * so that it may leave a debt.
 */
const shown = { burst: 5_000, perSecond: 100 };
const threadsAsOne = 20;
const budgets = new WeakMap<DomainContext["store"], TokenBuckets>();

/** `join` resolves with the server that was shown; null when nothing was. @throws AppError `rate_limited` */
export async function withinJoinBudget<State extends ServerState | null>(
  { store, clock }: Pick<DomainContext, "store" | "clock">,
  userId: number,
  join: () => Promise<State>,
): Promise<State> {
  const budget = budgets.get(store) ?? new TokenBuckets(shown, clock);
  budgets.set(store, budget);
  requireTokens(budget.waitMs(userId, 0));
  const state = await join();
  if (!state) return state;
  const overrides = state.channels.reduce((sum, channel) => sum + channel.overrides.length, 0);
  const threads = Math.floor((await countThreads(store.db, state.id)) / threadsAsOne);
  budget.charge(userId, Math.min(shown.burst, state.channels.length + overrides + threads));
  return state;
}
