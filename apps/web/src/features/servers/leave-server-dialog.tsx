import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";

export function LeaveServerDialog({ serverId, onClose }: { serverId: number; onClose: () => void }) {
  const { t } = useTranslation("servers");
  const client = useClient();
  const { run } = useAction();
  const name = useClientState((state) => state.servers[serverId]?.name ?? "");
  return (
    <ConfirmDialog
      open
      danger
      onOpenChange={onClose}
      title={t("leave.title", { server: name })}
      description={t("leave.description")}
      confirmLabel={t("leave.submit")}
      onConfirm={() => run(() => client.rest.leaveServer(serverId))}
    />
  );
}
