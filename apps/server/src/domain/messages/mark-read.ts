import { raiseReadStates, type ReadMark } from "../../store/queries/read-states.ts";
import { channelAccess } from "../access.ts";
import { createBatches } from "../../concurrency/batches.ts";
import type { Actor, DomainContext } from "../context.ts";
import { markNotificationsRead } from "../notifications/mark-notifications-read.ts";

/** Keeps read positions; many people's at once in one transaction. */
export type ReadPositions = (mark: ReadMark) => Promise<void>;

export function createReadPositions({ store }: Pick<DomainContext, "store">): ReadPositions {
  return createBatches<ReadMark>((marks) => {
    const highest = new Map<string, ReadMark>();
    for (const mark of marks) {
      const key = `${mark.userId} ${mark.channelId}`;
      if (mark.seq >= (highest.get(key)?.seq ?? 0)) highest.set(key, mark);
    }
    return raiseReadStates(store.db, [...highest.values()]);
  });
}

/**
 * For members. Positions only rise, and never beyond the channel's own. All devices of the person learn the position
 * and what it leaves unread; notices of messages that are now read count as read too.
 */
export async function markRead(
  context: Pick<DomainContext, "store" | "bus" | "clock" | "unread" | "readPositions">,
  actor: Actor,
  input: { channelId: number; seq: number },
): Promise<void> {
  const { channelId } = input;
  const { userId } = actor;
  const channel = await channelAccess(context, actor, channelId);
  const seq = Math.min(input.seq, channel.seq);
  await context.readPositions({ userId, channelId, seq });
  await context.unread.announce(channelId, [userId]);
  await markNotificationsRead(context, actor, { channelId, seq });
}
