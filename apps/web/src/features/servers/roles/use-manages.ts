import { accessFacts } from "@miscord/client";
import type { Role } from "@miscord/protocol";
import { checkManageRole } from "@miscord/rights";
import { useShallow } from "zustand/shallow";
import { useClientState } from "../../../core/client.ts";

/** Whether the user may change a role. */
export function useManages(serverId: number): (role: Role) => boolean {
  const facts = useClientState(useShallow((state) => accessFacts(state, serverId)));
  return (role) => facts !== null && checkManageRole(facts, role.position) === "allowed";
}
