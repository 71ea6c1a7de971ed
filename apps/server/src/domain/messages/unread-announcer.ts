import { unreadIn } from "../../store/queries/unread.ts";
import type { DomainContext } from "../context.ts";
import { createBatches } from "../../concurrency/batches.ts";
import type { UnreadAnnouncer } from "../ports.ts";
import { publish } from "../publish.ts";

/** Users counted by one query, for which all others wait. */
const usersPerQuery = 200;

interface Change {
  channelId: number;
  userIds: readonly number[];
}

/** Changes that arrive while an announcement runs are merged: each user is counted once per channel and round. */
export function createUnreadAnnouncer(context: Pick<DomainContext, "store" | "bus">): UnreadAnnouncer {
  const batches = createBatches<Change>(async (changes) => {
    for (const [channelId, userIds] of usersByChannel(changes)) {
      for (let start = 0; start < userIds.length; start += usersPerQuery) {
        await publishUnread(context, channelId, userIds.slice(start, start + usersPerQuery));
      }
    }
  });
  return { announce: (channelId, userIds) => batches({ channelId, userIds }) };
}

function usersByChannel(changes: readonly Change[]): Map<number, number[]> {
  const channels = Map.groupBy(changes, (change) => change.channelId);
  return new Map([...channels].map(([id, all]) => [id, [...new Set(all.flatMap(({ userIds }) => userIds))]]));
}

async function publishUnread(
  context: Pick<DomainContext, "store" | "bus">,
  channelId: number,
  userIds: readonly number[],
): Promise<void> {
  for (const { userId, readSeq: seq, generation, mentions, asOf } of await unreadIn(
    context.store.db,
    channelId,
    userIds,
  )) {
    const event = {
      type: "read_updated",
      channel_id: channelId,
      seq,
      mentions,
      as_of: asOf,
      ...(generation > 0 && { read_generation: generation }),
    } as const;
    publish(context, `user:${userId}`, event);
  }
}
