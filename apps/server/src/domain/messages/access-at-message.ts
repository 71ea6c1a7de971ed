import { serverChannelAccess, type ServerChannelAccess } from "../../store/queries/access.ts";
import { channelIdOf } from "../../store/queries/messages.ts";
import type { DomainContext } from "../context.ts";

/** What the user may do in the message's channel; undefined in private channels, and for a message that is not there. */
export async function accessAtMessage(
  { store, clock }: Pick<DomainContext, "store" | "clock">,
  userId: number,
  messageId: number,
): Promise<ServerChannelAccess | undefined> {
  const channelId = await channelIdOf(store.db, messageId);
  return channelId === undefined ? undefined : serverChannelAccess(store.db, userId, channelId, clock.now());
}
