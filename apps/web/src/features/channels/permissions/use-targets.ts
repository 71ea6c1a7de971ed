import { accessFacts, rankOf } from "@miscord/client";
import type { ChannelState } from "@miscord/protocol";
import { mayOverride } from "@miscord/rights";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/shallow";
import { useClientState } from "../../../core/client.ts";
import { useRoles } from "../../../core/use-roles.ts";
import type { Target } from "./override-draft.ts";

export interface LabelledTarget extends Target {
  label: string;
  /** Whether the user may set what the channel changes for it. */
  isOpen: boolean;
}

/** Everyone, the other roles from the highest, and the members by name. */
export function useTargets({ id, server_id: serverId }: ChannelState): [LabelledTarget, ...LabelledTarget[]] {
  const { t } = useTranslation("rights");
  const server = useClientState((state) => state.servers[serverId]);
  const members = useClientState((state) => state.members[serverId]);
  const facts = useClientState(useShallow((state) => accessFacts(state, serverId, id)));
  const roles = useRoles(serverId);
  const role = (target_id: number, position: number, label: string): LabelledTarget => ({
    type: "role",
    target_id,
    label,
    isOpen: facts !== null && mayOverride(facts, { type: "role", position }),
  });
  return [
    role(server?.everyone_role_id ?? 0, 0, t("roles.everyone")),
    ...roles.map(({ id, position, name }) => role(id, position, name)),
    ...Object.values(members ?? {})
      .filter(({ is_owner }) => !is_owner)
      .toSorted((a, b) => a.display_name.localeCompare(b.display_name))
      .map(({ id: userId, display_name, username, role_ids }): LabelledTarget => {
        const position = server ? rankOf(server, role_ids) : 0;
        return {
          type: "member",
          target_id: userId,
          label: `${display_name} (@${username})`,
          isOpen: facts !== null && mayOverride(facts, { type: "member", userId, position }),
        };
      }),
  ];
}
