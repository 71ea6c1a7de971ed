import { useEffect, useState } from "react";
import { useClient, useMe } from "../../core/client.ts";

/** How many messages of others have come since the reader left the present. */
export function useArrived(channelId: number, isAtPresent: boolean): number {
  const client = useClient();
  const { id: meId } = useMe();
  const [count, setCount] = useState(0);
  useEffect(() => {
    if (isAtPresent) return undefined;
    const stop = client.on("message", (message) => {
      if (message.channel_id === channelId && message.author.id !== meId) setCount((arrived) => arrived + 1);
    });
    return () => {
      stop();
      setCount(0);
    };
  }, [client, channelId, meId, isAtPresent]);
  return count;
}
