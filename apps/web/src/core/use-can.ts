import { accessFacts } from "@miscord/client";
import { can, isOwner, type Permission } from "@miscord/rights";
import { useClientState } from "./client.ts";

/**
 * Whether the user has the permission in the server, or with `channelId` in that channel. The server enforces it; the
 * client only hides what it refuses.
 */
export function useCan(serverId: number | null, permission: Permission, channelId?: number): boolean {
  return useClientState((state) => {
    const facts = accessFacts(state, serverId, channelId);
    return facts !== null && can(facts, permission);
  });
}

export function useIsOwner(serverId: number): boolean {
  return useClientState((state) => {
    const facts = accessFacts(state, serverId);
    return facts !== null && isOwner(facts);
  });
}
