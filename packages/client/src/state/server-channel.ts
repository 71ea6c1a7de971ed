import type { ChannelState } from "@miscord/protocol";
import type { ClientState } from "./types.ts";

/** The channel if it is one of a server; undefined for private and unknown ones, and for threads. */
export function serverChannel(
  { channels }: Pick<ClientState, "channels">,
  channelId: number,
): ChannelState | undefined {
  const channel = channels[channelId];
  return channel && channel.server_id !== null && channel.type !== "thread" ? (channel as ChannelState) : undefined;
}
