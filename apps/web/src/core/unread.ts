import type { ChannelEntry, ClientState } from "@miscord/client";
import { useClientState } from "./client.ts";
import { textChannelIds } from "./last-visited.ts";

/** A private channel is unread with each message of others that the user does not hide. */
export function isUnread(
  channel: Pick<ChannelEntry, "server_id" | "last_message_seq" | "read_seq" | "mention_count">,
): boolean {
  if (channel.server_id === null) return channel.mention_count > 0;
  return channel.last_message_seq > channel.read_seq;
}

export function isServerUnread(state: ClientState, serverId: number): boolean {
  return textChannelIds(state, serverId).some((id) => isUnread(state.channels[id]!));
}

export function serverMentions(state: ClientState, serverId: number): number {
  return textChannelIds(state, serverId).reduce((sum, id) => sum + state.channels[id]!.mention_count, 0);
}

/** Prefix of the document title: "(3) " for unread mentions, "• " for unread channels, else empty. */
export function useUnreadTitle(): string {
  return useClientState(unreadTitle);
}

export function unreadTitle(state: Pick<ClientState, "channels">): string {
  const mentions = mentionsOf(state);
  if (mentions > 0) return `(${mentions > 99 ? "99+" : mentions}) `;
  return Object.values(state.channels).some(isUnread) ? "• " : "";
}

/** Number of unread mentions of the current user in all channels. */
export function mentionsOf({ channels }: Pick<ClientState, "channels">): number {
  return Object.values(channels).reduce((sum, channel) => sum + channel.mention_count, 0);
}
