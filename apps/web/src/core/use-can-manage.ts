import { useClientState } from "./client.ts";

/** Whether the user owns the server or is an administrator. Only hides controls; the server checks every command. */
export function useCanManage(serverId: number): boolean {
  return useClientState(
    ({ servers, session }) =>
      session.me !== null && (servers[serverId]?.owner_id === session.me.id || session.me.is_admin),
  );
}

export function useIsOwner(serverId: number): boolean {
  return useClientState(({ servers, session }) => servers[serverId]?.owner_id === session.me?.id);
}
