import { accessFacts, rankOf } from "@miscord/client";
import type { Member } from "@miscord/protocol";
import { checkRemoveMember } from "@miscord/rights";
import { useShallow } from "zustand/shallow";
import { useClientState } from "../../core/client.ts";

/** Whether the user may remove and ban the member, who may have left. */
export function useRemovals(serverId: number, member: Pick<Member, "id">): { canKick: boolean; canBan: boolean } {
  return useClientState(
    useShallow((state) => {
      const facts = accessFacts(state, serverId);
      const server = state.servers[serverId];
      if (!facts || !server) return { canKick: false, canBan: false };
      const roleIds = state.members[serverId]?.[member.id]?.role_ids ?? [];
      const target = { userId: member.id, position: rankOf(server, roleIds) };
      const may = (permission: "kickMembers" | "banMembers") =>
        checkRemoveMember(facts, permission, target) === "allowed";
      return { canKick: may("kickMembers"), canBan: may("banMembers") };
    }),
  );
}
