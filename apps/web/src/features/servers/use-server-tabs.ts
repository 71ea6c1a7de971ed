import { useCan } from "../../core/use-can.ts";

/** Which parts of the server's settings the user may use. */
export function useServerTabs(serverId: number) {
  const overview = useCan(serverId, "manageGuild");
  const roles = useCan(serverId, "manageRoles");
  const bans = useCan(serverId, "banMembers");
  const removal = useCan(serverId, "kickMembers");
  return { overview, roles, bans, any: overview || roles || bans || removal };
}
