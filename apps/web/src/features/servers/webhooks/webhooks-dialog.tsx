import { useTranslation } from "react-i18next";
import { Dialog } from "../../../ui/dialog.tsx";
import { WebhooksPanel } from "./webhooks-panel.tsx";

interface WebhooksDialogProps {
  serverId: number;
  channelId: number;
  onClose: () => void;
}

/** The webhooks of one channel. */
export function WebhooksDialog({ serverId, channelId, onClose }: WebhooksDialogProps) {
  const { t } = useTranslation("webhooks");
  return (
    <Dialog open size="lg" onOpenChange={onClose} title={t("title")}>
      <WebhooksPanel serverId={serverId} channelId={channelId} />
    </Dialog>
  );
}
