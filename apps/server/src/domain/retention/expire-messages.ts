import { keptMessageDays, type Retention } from "@miscord/protocol";
import { expiredMessages, keptChannels, noteExpired } from "../../store/queries/retention.ts";
import type { DomainContext } from "../context.ts";
import { deleteMessages } from "../messages/delete-messages.ts";
import type { Turn } from "./turn.ts";

type Context = Pick<DomainContext, "store" | "clock" | "storage">;

const dayMs = 86_400_000;
const channelsAtOnce = 500;
/** Fewer than the log takes into one transaction, so that sends share it. */
const messagesAtOnce = 20;

/**
 * Deletes messages that are older than the instance, their server or their channel keeps them, through the log: each leaves a
 * tombstone, and open clients see it go. Resolves with their number.
 */
export async function expireMessages(context: Context, turn: Turn, instance: Retention): Promise<number> {
  const { store, clock } = context;
  let deleted = 0;
  let after: number | null = 0;
  while (after !== null) {
    const everywhere = instance.message_days > 0;
    const page = await keptChannels(store.db, { after, limit: channelsAtOnce, everywhere });
    after = page.last;
    for (const { id, server_days, channel_days, oldest } of page.channels) {
      const rules = [server_days, channel_days].map((message_days) => ({ message_days }));
      const days = keptMessageDays([instance, ...rules]);
      const before = clock.now() - days * dayMs;
      if (days > 0 && oldest < before) deleted += await expireIn(context, turn, { channelId: id, before });
      if (!turn.goesOn()) return deleted;
    }
  }
  return deleted;
}

async function expireIn(
  context: Context,
  turn: Turn,
  { channelId, before }: { channelId: number; before: number },
): Promise<number> {
  const { db } = context.store;
  let deleted = 0;
  for (;;) {
    const found = await expiredMessages(db, channelId, { before, limit: messagesAtOnce });
    const last = found.at(-1);
    if (!last || !turn.goesOn()) return deleted;
    deleted += await turn.share(() => deleteAll(context, found));
    // After the deletions: a node that goes in between leaves them to be looked at once more.
    await noteExpired(db, channelId, last.seq);
    if (found.length < messagesAtOnce) return deleted;
  }
}

/** In the name of their authors, which nobody sees: the log needs an account that is there. */
async function deleteAll(context: Context, found: Awaited<ReturnType<typeof expiredMessages>>): Promise<number> {
  const present = found.filter(({ isDeleted }) => !isDeleted);
  const counts = await Promise.all(
    [...Map.groupBy(present, ({ author_id }) => author_id)].map(([authorId, messages]) =>
      deleteMessages(
        context,
        authorId,
        messages.map(({ id }) => id),
      ),
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
