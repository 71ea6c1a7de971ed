import { serverChannel } from "@miscord/client";
import { useClientState } from "../../../core/client.ts";
import { Dialog } from "../../../ui/dialog.tsx";
import { WebhooksPanel } from "./webhooks-panel.tsx";

interface WebhooksDialogProps {
  serverId: number;
  channelId: number;
  onClose: () => void;
}

/** The webhooks of one channel. */
export function WebhooksDialog({ serverId, channelId, onClose }: WebhooksDialogProps) {
  const name = useClientState((state) => serverChannel(state, channelId)?.name ?? "");
  return (
    <Dialog open size="lg" onOpenChange={onClose} title={`#${name}`}>
      <WebhooksPanel serverId={serverId} channelId={channelId} />
    </Dialog>
  );
}
