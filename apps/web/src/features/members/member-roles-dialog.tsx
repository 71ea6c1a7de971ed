import { accessFacts, type MemberEntry } from "@miscord/client";
import { checkManageRole, mayChangePermissions } from "@miscord/rights";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/shallow";
import { useClient, useClientState } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { useRoles } from "../../core/use-roles.ts";
import { Checkbox } from "../../ui/checkbox.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { RoleColor } from "./role-color.tsx";

interface MemberRolesDialogProps {
  serverId: number;
  member: Pick<MemberEntry, "id" | "display_name">;
  onClose: () => void;
}

/** The roles of a member. A choice is saved at once. */
export function MemberRolesDialog({ serverId, member, onClose }: MemberRolesDialogProps) {
  const { t } = useTranslation("rights");
  const client = useClient();
  const { busy, run } = useAction();
  const roles = useRoles(serverId);
  const held = useClientState((state) => state.members[serverId]?.[member.id]?.role_ids);
  const facts = useClientState(useShallow((state) => accessFacts(state, serverId)));
  const change = (roleId: number, isGiven: boolean) =>
    run(() =>
      isGiven ? client.rest.giveRole(serverId, member.id, roleId) : client.rest.takeRole(serverId, member.id, roleId),
    );
  return (
    <Dialog open onOpenChange={onClose} title={t("roles.of", { name: member.display_name })}>
      {roles.length === 0 && <p className="text-sm text-muted">{t("roles.none")}</p>}
      <ul className="flex flex-col gap-3">
        {roles.map((role) => {
          const isHeld = held?.includes(role.id) ?? false;
          const isBelow = facts !== null && checkManageRole(facts, role.position) === "allowed";
          const mayGive = isBelow && (isHeld || mayChangePermissions(facts, 0, role.permissions));
          return (
            <li key={role.id}>
              <Checkbox
                label={
                  <span className="flex items-center gap-2">
                    <RoleColor color={role.color} />
                    {role.name}
                  </span>
                }
                checked={isHeld}
                disabled={busy || !mayGive}
                onChange={(isGiven) => void change(role.id, isGiven)}
              />
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
