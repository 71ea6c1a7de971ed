import { useCan, useIsOwner } from "../../core/use-can.ts";

/** Which parts of the server's settings the user may use. */
export function useServerTabs(serverId: number) {
  const overview = useCan(serverId, "manageGuild");
  const roles = useCan(serverId, "manageRoles");
  const bans = useCan(serverId, "banMembers");
  const removal = useCan(serverId, "kickMembers");
  const moderate = useCan(serverId, "moderateMembers");
  const audit = useCan(serverId, "viewAuditLog");
  const owner = useIsOwner(serverId);
  const webhooks = useCan(serverId, "manageWebhooks");
  const emojis = useCan(serverId, "manageGuildExpressions");
  const any = owner || overview || roles || bans || removal || moderate || audit || webhooks || emojis;
  return { overview, roles, bans, audit, moderate, owner, webhooks, emojis, any };
}
