import type { User } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import type { Removal } from "../../core/dialog-store.ts";
import { useAction } from "../../core/use-action.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";

export interface RemoveMemberDialogProps {
  serverId: number;
  member: Pick<User, "id" | "display_name">;
  removal: Removal;
  onClose: () => void;
}

export function RemoveMemberDialog({ serverId, member, removal, onClose }: RemoveMemberDialogProps) {
  const { t } = useTranslation("servers");
  const client = useClient();
  const { run } = useAction();
  const remove = () =>
    removal === "ban" ? client.rest.banMember(serverId, member.id) : client.rest.kickMember(serverId, member.id);
  return (
    <ConfirmDialog
      open
      danger
      onOpenChange={onClose}
      title={t(`removal.${removal}.title`, { name: member.display_name })}
      description={t(`removal.${removal}.description`)}
      confirmLabel={t(`removal.${removal}.submit`)}
      onConfirm={() => run(remove)}
    />
  );
}
