import { AppError } from "../../errors.ts";
import * as threads from "../../store/queries/threads.ts";
import { channelAccess } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { sendControl } from "../publish.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates">;

/** Follows or unfollows a thread that the actor sees. Throws `not_found` or `rate_limited`. */
export async function setFollowing(context: Context, actor: Actor, threadId: number, on: boolean): Promise<void> {
  const { db } = context.store;
  const { userId } = actor;
  await context.rates.changes.spend(userId);
  const { parentId } = await channelAccess(context, actor, threadId);
  if (parentId === null) throw new AppError("not_found", "There is no such thread.");
  if (on) {
    await threads.follow(db, threadId, userId);
    followed(context, threadId, [userId]);
  } else {
    await threads.unfollow(db, threadId, userId);
    sendControl(context, `user:${userId}`, { type: "thread_unfollowed", userId, threadId });
  }
}

/** Makes the nodes of these users show them the thread, if they follow it and it is not archived. */
export function followed(
  context: Pick<DomainContext, "bus">,
  threadId: number,
  userIds: readonly number[],
  how: { isRevived?: true } = {},
): void {
  for (const userId of userIds)
    sendControl(context, `user:${userId}`, { type: "thread_followed", userId, threadId, ...how });
}
