import { raiseReadStates, type ReadMark } from "../../store/queries/read-states.ts";
import { closePushes } from "../../store/queries/push.ts";
import { contentAccess } from "../access.ts";
import { createBatches } from "../../concurrency/batches.ts";
import { AppError } from "../../errors.ts";
import type { Actor, DomainContext } from "../context.ts";
import { markNotificationsRead } from "../notifications/mark-notifications-read.ts";
import type { ReadPositions } from "../ports.ts";

export function createReadPositions({ store }: Pick<DomainContext, "store">): ReadPositions {
  return createBatches<ReadMark>(async (marks) => {
    const highest = new Map<string, ReadMark>();
    for (const mark of marks) {
      const key = `${mark.userId} ${mark.channelId}`;
      if (mark.seq >= (highest.get(key)?.seq ?? 0)) highest.set(key, mark);
    }
    // In one order, as another node may raise those of the same people: neither waits for the other in a circle.
    const all = [...highest.values()].toSorted((a, b) => a.userId - b.userId || a.channelId - b.channelId);
    try {
      await raiseReadStates(store.db, all);
    } catch (error) {
      if (error instanceof AppError || all.length === 1) throw error;
      await raiseEach(store, all, error);
    }
  });
}

/** One of them may be in a channel that is gone by now, which is not the others' business. */
async function raiseEach({ db }: DomainContext["store"], marks: readonly ReadMark[], error: unknown): Promise<void> {
  const done = await Promise.allSettled(marks.map((mark) => raiseReadStates(db, [mark])));
  if (done.every(({ status }) => status === "rejected")) throw error;
}

/**
 * Moves the actor's read position in a channel to `seq`. Positions only rise, and never beyond the channel's own. The
 * new position and the number of unread mentions are published to all of the actor's connections; notifications of
 * messages up to the position are marked as read. Throws `not_found` for users who cannot see the channel.
 */
export async function markRead(
  context: Pick<DomainContext, "store" | "bus" | "clock" | "unread" | "readPositions">,
  actor: Actor,
  input: { channelId: number; seq: number },
): Promise<void> {
  const { channelId } = input;
  const { userId } = actor;
  const channel = await contentAccess(context, actor, channelId);
  const seq = Math.min(input.seq, channel.seq);
  await context.readPositions({ userId, channelId, seq });
  await context.unread.announce(channelId, [userId]);
  await markNotificationsRead(context, actor, { channelId, seq });
  await closePushes(context.store.db, { userId, channelId, seq }, context.clock.now());
}
