import type { ClientState } from "@miscord/client";
import type { ChannelState } from "@miscord/protocol";
import { textChannelIds } from "./last-visited.ts";

export function isUnread(channel: ChannelState): boolean {
  return channel.last_message_seq > channel.read_seq;
}

export function isServerUnread(state: ClientState, serverId: number): boolean {
  return textChannelIds(state, serverId).some((id) => isUnread(state.channels[id]!));
}

export function serverMentions(state: ClientState, serverId: number): number {
  return textChannelIds(state, serverId).reduce((sum, id) => sum + state.channels[id]!.mention_count, 0);
}
