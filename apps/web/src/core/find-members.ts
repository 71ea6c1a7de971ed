import { useEffect } from "react";
import { useClient } from "./client.ts";

const typingMs = 150;

/**
 * Asks the servers for members with the text in a name while somebody types; they come into the state, where what is shown
 * is chosen from. Null asks for nothing.
 */
export function useFindMembers(serverIds: readonly number[], text: string | null): void {
  const client = useClient();
  const ids = serverIds.join();
  useEffect(() => {
    if (text === null) return;
    const ask = () => {
      // Offline only those who are known already are found.
      for (const id of ids.split(",")) if (id) client.findMembers(Number(id), text).catch(() => {});
    };
    const timer = setTimeout(ask, text === "" ? 0 : typingMs);
    return () => clearTimeout(timer);
  }, [client, ids, text]);
}

/** Asks for the member when they come into sight: the status of those who are not is not kept up to date. */
export function useRefreshedMember(serverId: number | null, userId: number): void {
  const client = useClient();
  useEffect(() => {
    // Offline the last known status stays.
    if (serverId !== null) client.refreshMembers(serverId, [userId]).catch(() => {});
  }, [client, serverId, userId]);
}
