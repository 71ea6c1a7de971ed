import { unreadIn } from "../../store/queries/unread.ts";
import type { DomainContext } from "../context.ts";
import { createBatches } from "../../concurrency/batches.ts";
import { publish } from "../publish.ts";

/** One query for so many people at once. */
const peopleAtOnce = 500;

interface Change {
  channelId: number;
  userIds: readonly number[];
}

/**
 * Tells people how many unread mentions they have in a channel, as counted after the change. One announcement runs
 * at a time, so that of two the later one told is the one later counted: counts never go back in time.
 */
export interface UnreadAnnouncer {
  /** Resolves once told; rejects when the store failed, and then the next change tells. */
  announce(channelId: number, userIds: readonly number[]): Promise<void>;
}

export function createUnreadAnnouncer(context: Pick<DomainContext, "store" | "bus">): UnreadAnnouncer {
  const batches = createBatches<Change>(async (changes) => {
    for (const [channelId, userIds] of peopleByChannel(changes)) {
      for (let start = 0; start < userIds.length; start += peopleAtOnce) {
        await tell(context, channelId, userIds.slice(start, start + peopleAtOnce));
      }
    }
  });
  return { announce: (channelId, userIds) => batches({ channelId, userIds }) };
}

function peopleByChannel(changes: readonly Change[]): Map<number, number[]> {
  const channels = Map.groupBy(changes, (change) => change.channelId);
  return new Map([...channels].map(([id, all]) => [id, [...new Set(all.flatMap(({ userIds }) => userIds))]]));
}

async function tell(
  context: Pick<DomainContext, "store" | "bus">,
  channelId: number,
  userIds: readonly number[],
): Promise<void> {
  for (const { userId, readSeq, mentions } of await unreadIn(context.store.db, channelId, userIds)) {
    publish(context, `user:${userId}`, { type: "read_updated", channel_id: channelId, seq: readSeq, mentions });
  }
}
