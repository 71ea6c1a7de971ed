import { accessFacts, memberRights, rankOf } from "@miscord/client";
import type { Member } from "@miscord/protocol";
import { checkModerateMember, checkNickname, includes, permissionBits, serverPermissions } from "@miscord/rights";
import { useEffect } from "react";
import { useShallow } from "zustand/shallow";
import { useClient, useClientState } from "../../core/client.ts";

interface Removals {
  canKick: boolean;
  canBan: boolean;
  canTimeOut: boolean;
  canRename: boolean;
}

const none: Removals = { canKick: false, canBan: false, canTimeOut: false, canRename: false };

/** Whether the user may rename, remove, ban and time out the member. Who has left can be banned only. */
export function useRemovals(serverId: number, member: Pick<Member, "id">): Removals {
  const client = useClient();
  // Whoever is not known counts as gone.
  useEffect(() => client.knowMembers(serverId, [member.id]), [client, serverId, member.id]);
  return useClientState(
    useShallow((state) => {
      const facts = accessFacts(state, serverId);
      const server = state.servers[serverId];
      if (!facts || !server) return none;
      const members = state.members[serverId];
      const isThere = !members || member.id in members;
      const roleIds = members?.[member.id]?.role_ids ?? [];
      const target = { userId: member.id, position: rankOf(server, roleIds) };
      const may = (permission: "kickMembers" | "banMembers" | "moderateMembers") =>
        checkModerateMember(facts, permission, target) === "allowed";
      const isAdministrator = includes(
        serverPermissions(memberRights(server, member.id, roleIds)),
        permissionBits.administrator,
      );
      return {
        canRename: isThere && checkNickname(facts, target) === "allowed",
        canKick: isThere && may("kickMembers"),
        canBan: may("banMembers"),
        canTimeOut: isThere && !isAdministrator && may("moderateMembers"),
      };
    }),
  );
}
