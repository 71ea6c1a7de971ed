import { can, isOwner, type AccessFacts, type Permission } from "@miscord/rights";
import type { ClientState } from "@miscord/client";
import { useClientState } from "./client.ts";

/** Whether the user has the permission in the server. The server enforces it; the client only hides what it refuses. */
export function useCan(serverId: number, permission: Permission): boolean {
  return useClientState((state) => {
    const facts = accessFacts(state, serverId);
    return facts !== null && can(facts, permission);
  });
}

export function useIsOwner(serverId: number): boolean {
  return useClientState((state) => {
    const facts = accessFacts(state, serverId);
    return facts !== null && isOwner(facts);
  });
}

/** Null before login, and for servers of which the user is not a member. */
function accessFacts({ servers, session }: ClientState, serverId: number): AccessFacts | null {
  const server = servers[serverId];
  if (!session.me || !server) return null;
  return { userId: session.me.id, ownerId: server.owner_id, isMember: true, isAdmin: session.me.is_admin };
}
