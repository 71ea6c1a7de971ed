import { effectiveNotifications, followedThreads, type ChannelEntry, type ClientState } from "@miscord/client";
import { useClientState } from "./client.ts";
import { textChannelIds } from "./last-visited.ts";

/** What decides on unread state. */
type Unread = Pick<ClientState, "servers" | "channels" | "threads" | "inbox">;

/** A private channel is unread with each message of others that the user does not hide. */
export function isUnread(
  channel: Pick<ChannelEntry, "server_id" | "last_message_seq" | "read_seq" | "mention_count">,
): boolean {
  if (channel.server_id === null) return channel.mention_count > 0;
  return channel.last_message_seq > channel.read_seq;
}

export function notificationsIn(state: Unread, channelId: number) {
  return effectiveNotifications(state, { kind: "channel", id: channelId }, Date.now());
}

export function isChannelMuted(state: Unread, channelId: number): boolean {
  return notificationsIn(state, channelId).isMuted;
}

export function isServerMuted(state: Unread, serverId: number): boolean {
  return effectiveNotifications(state, { kind: "server", id: serverId }, Date.now()).isMuted;
}

/** Whether the channel is shown as unread: what is muted is not. */
export function showsUnread(state: Unread, channelId: number): boolean {
  const channel = state.channels[channelId];
  const thread = state.threads[channelId];
  // Of threads, those that are in the channel list.
  if (thread && (!thread.is_following || thread.archived)) return false;
  return channel !== undefined && isUnread(channel) && !isChannelMuted(state, channelId);
}

export function isServerUnread(state: ClientState, serverId: number): boolean {
  return withThreads(state, serverId).some((id) => showsUnread(state, id));
}

/** The server's text channels, each with the threads of it that the user follows. */
export function withThreads(state: ClientState, serverId: number): number[] {
  return textChannelIds(state, serverId).flatMap((id) => [id, ...followedThreads(state, id)]);
}

/** Muted channels included, as in Discord: whoever is named there finds it. */
export function serverMentions(state: ClientState, serverId: number): number {
  return withThreads(state, serverId).reduce((sum, id) => sum + state.channels[id]!.mention_count, 0);
}

/** Prefix of the document title: "(3) " for unread mentions, "• " for unread channels, else empty. */
export function useUnreadTitle(): string {
  return useClientState(unreadTitle);
}

export function unreadTitle(state: Unread): string {
  const mentions = mentionsOf(state);
  if (mentions > 0) return `(${mentions > 99 ? "99+" : mentions}) `;
  return Object.values(state.channels).some(({ id }) => showsUnread(state, id)) ? "• " : "";
}

/** Number of unread mentions of the current user, without those where nothing is to be announced. */
export function mentionsOf(state: Unread): number {
  return Object.values(state.channels).reduce(
    (sum, { id, mention_count: count }) => (count > 0 && !notificationsIn(state, id).isSilenced ? sum + count : sum),
    0,
  );
}
