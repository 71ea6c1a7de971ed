import { useEffect } from "react";
import { useClient, useClientState } from "../../../core/client.ts";

/** What has come to the eyes of its reader counts as read, up to the last message, be it deleted by now. */
export function useMarkRead(channelId: number, isWatching: boolean): void {
  const client = useClient();
  const unread = useClientState(({ channels, timelines }) => {
    const channel = channels[channelId];
    const timeline = timelines[channelId];
    if (!channel || timeline?.status !== "ready" || channel.last_message_seq <= channel.read_seq) return null;
    // What is announced but not here yet has not been seen.
    return timeline.seq >= channel.last_message_seq ? channel.last_message_seq : null;
  });
  useEffect(() => {
    if (isWatching && unread !== null) client.markRead(channelId, unread);
  }, [client, channelId, isWatching, unread]);
}
