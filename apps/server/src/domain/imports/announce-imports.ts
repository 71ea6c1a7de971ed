import { adminIds } from "../../store/queries/reports.ts";
import type { DomainContext } from "../context.ts";
import { publish } from "../publish.ts";

/** Tells all administrators that an import has another state. */
export async function announceImports(context: Pick<DomainContext, "store" | "bus">): Promise<void> {
  for (const userId of await adminIds(context.store.db)) {
    publish(context, `user:${userId}`, { type: "imports_changed" });
  }
}

/** Whoever said to be an author, and what has become of it. */
export type Settled = readonly { user_id: number; status: string }[];

/**
 * Tells administrators that other people say to be imported authors than before, and those whose claims were settled what has become
 * of them. `isNew`: the actor has asked.
 */
export async function announceClaims(
  context: Pick<DomainContext, "store" | "bus">,
  { actorId, settled = [], isNew = false }: { actorId: number; settled?: Settled; isNew?: boolean },
): Promise<void> {
  const type = "author_claims_changed";
  const answers = new Map(settled.map(({ user_id: userId, status }) => [userId, status]));
  for (const userId of new Set([...(await adminIds(context.store.db)), actorId, ...answers.keys()])) {
    const answer = answers.get(userId);
    const news = answer === "accepted" || answer === "declined" ? answer : isNew ? "asked" : undefined;
    publish(context, `user:${userId}`, { type, ...(news && userId !== actorId && { news }) });
  }
}

/**
 * Tells those who have the channels open that messages there show somebody else: the latest of them, and the gap before it is read
 * as after a time offline. With `userId`, who has all of the messages now: they load everything else anew, such as the threads that
 * they own.
 */
export async function announceGiven(
  context: Pick<DomainContext, "store" | "bus" | "clock">,
  channelIds: readonly number[],
  userId?: number,
): Promise<void> {
  const { log } = context.store;
  for (const channelId of channelIds) {
    const { seq } = await log.changesSince(channelId, Number.MAX_SAFE_INTEGER, 0);
    const [message] = seq === 0 ? [] : ((await log.changesSince(channelId, seq - 1, 1)).changes ?? []);
    // Another one has taken the position since: its event tells the same.
    if (message?.updated_seq !== seq || message.seq === seq || message.is_deleted) continue;
    publish(context, `channel:${channelId}`, { type: "message_edited", channel_id: channelId, seq, data: message });
  }
  if (userId === undefined) return;
  publish(context, `user:${userId}`, { type: "resync", timestamp: context.clock.now() / 1_000 });
}
