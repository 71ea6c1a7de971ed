import { useClientState } from "./client.ts";

/** The owner, and the instance's administrators. The server decides; this only hides what it would refuse. */
export function useCanManage(serverId: number): boolean {
  return useClientState(
    ({ servers, session }) =>
      session.me !== null && (servers[serverId]?.owner_id === session.me.id || session.me.is_admin),
  );
}

export function useIsOwner(serverId: number): boolean {
  return useClientState(({ servers, session }) => servers[serverId]?.owner_id === session.me?.id);
}
