import { accessFacts } from "@miscord/client";
import { can, isOwner, type Permission } from "@miscord/rights";
import { useClientState } from "./client.ts";
import { useViewed, viewedFacts } from "./view-as.ts";

/**
 * Whether the user has the permission in the server, or with `channelId` in that channel. The server enforces it; the
 * client only hides what it refuses. While the user looks with the eyes of somebody else: whether both have it.
 */
export function useCan(serverId: number | null, permission: Permission, channelId?: number): boolean {
  const viewed = useViewed(serverId);
  return useClientState((state) => {
    const facts = viewed ? viewedFacts(state, viewed, channelId) : accessFacts(state, serverId, channelId);
    return facts !== null && can(facts, permission);
  });
}

/** Whether the user owns the server, with whosever eyes they look. */
export function useIsOwner(serverId: number): boolean {
  return useClientState((state) => {
    const facts = accessFacts(state, serverId);
    return facts !== null && isOwner(facts);
  });
}
