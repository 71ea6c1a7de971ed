import { dataCalls } from "@miscord/client";
import type { User } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { useGuarded } from "../settings/security/use-guarded.ts";

interface HandOverDialogProps {
  serverId: number;
  member: Pick<User, "id" | "display_name">;
  onClose: () => void;
}

/** Makes the member the owner of the user's server. */
export function HandOverDialog({ serverId, member, onClose }: HandOverDialogProps) {
  const { t } = useTranslation("servers");
  const client = useClient();
  const { run, question } = useGuarded();
  return (
    <ConfirmDialog
      open
      danger
      onOpenChange={onClose}
      title={t("handOver.title", { name: member.display_name })}
      description={t("handOver.description")}
      confirmLabel={t("handOver.submit")}
      onConfirm={() => run(() => dataCalls(client.rest).handOver(serverId, { user_id: member.id }))}
    >
      {question}
    </ConfirmDialog>
  );
}
