import type { ClientState } from "@miscord/client";
import { useClientState } from "../../core/client.ts";
import { isUnread } from "../../core/unread.ts";

/** What the document's title starts with: "(3) " for mentions, "• " for unread channels, else nothing. */
export function useUnreadTitle(): string {
  return useClientState(unreadTitle);
}

export function unreadTitle(state: Pick<ClientState, "channels">): string {
  const mentions = mentionsOf(state);
  if (mentions > 0) return `(${mentions > 99 ? "99+" : mentions}) `;
  return Object.values(state.channels).some(isUnread) ? "• " : "";
}

/** Unread messages that address me, in all channels. */
export function mentionsOf({ channels }: Pick<ClientState, "channels">): number {
  return Object.values(channels).reduce((sum, channel) => sum + channel.mention_count, 0);
}
