import { useEffect } from "react";
import { useClient, useClientState } from "../../../core/client.ts";

/** Marks the channel as read, up to its last position, while the reader watches. The last message may have been deleted. */
export function useMarkRead(channelId: number, isWatching: boolean): void {
  const client = useClient();
  const unread = useClientState(({ channels, timelines }) => {
    const channel = channels[channelId];
    const timeline = timelines[channelId];
    if (!channel || timeline?.status !== "ready" || channel.last_message_seq <= channel.read_seq) return null;
    // A message that was announced but not yet received has not been seen.
    return timeline.seq >= channel.last_message_seq ? channel.last_message_seq : null;
  });
  useEffect(() => {
    if (isWatching && unread !== null) client.markRead(channelId, unread);
  }, [client, channelId, isWatching, unread]);
}
