import type { ServerState } from "@miscord/protocol";
import { countThreads } from "../../store/queries/threads.ts";
import type { DomainContext } from "../context.ts";

const threadsAsOne = 20;

/**
 * Joins within the budget of the user: a large server is read, encoded and sent to all of their clients each time, and what was
 * written in it is marked as read, in its threads too. How much that is is known afterwards, so that it may leave a debt. `join`
 * resolves with the server that was shown; null when nothing was. @throws AppError `rate_limited`
 */
export async function withinJoinBudget<State extends ServerState | null>(
  { store, rates: { joinedChannels } }: Pick<DomainContext, "store" | "rates">,
  userId: number,
  join: () => Promise<State>,
): Promise<State> {
  await joinedChannels.spend(userId, 0);
  const state = await join();
  if (!state) return state;
  const overrides = state.channels.reduce((sum, channel) => sum + channel.overrides.length, 0);
  const threads = Math.floor((await countThreads(store.db, state.id)) / threadsAsOne);
  joinedChannels.charge(userId, Math.min(joinedChannels.rate.burst, state.channels.length + overrides + threads));
  return state;
}
