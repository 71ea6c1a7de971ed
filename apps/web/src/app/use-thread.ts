import { useEffect, useState } from "react";
import { useClient, useClientState } from "../core/client.ts";

/**
 * Loads what is at the address when it may be a thread: the state has only those that the user follows. A thread that is known
 * is loaded again after each connection. Returns whether it is still unknown what it is.
 */
export function useThread(channelId: number | null, ready: boolean): boolean {
  const client = useClient();
  const isWanted = useClientState(
    (state) => channelId !== null && (!(channelId in state.channels) || channelId in state.threads),
  );
  const [answeredFor, setAnsweredFor] = useState<number | null>(null);
  useEffect(() => {
    if (!ready || !isWanted || channelId === null) return undefined;
    let isCurrent = true;
    void client
      .loadThread(channelId)
      .catch(() => {})
      .finally(() => isCurrent && setAnsweredFor(channelId));
    return () => {
      isCurrent = false;
    };
  }, [client, channelId, isWanted, ready]);
  return isWanted && answeredFor !== channelId;
}
