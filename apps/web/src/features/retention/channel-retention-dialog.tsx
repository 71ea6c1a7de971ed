import { safetyCalls } from "@miscord/client";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { RetentionForm } from "./retention-form.tsx";

/** How long one channel keeps messages, for those who manage it. */
export function ChannelRetentionDialog({ channelId, onClose }: { channelId: number; onClose: () => void }) {
  const { t } = useTranslation("retention");
  const client = useClient();
  const channel = useClientState((state) => state.channels[channelId]);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("channelTitle", { channel: channel?.name ?? "" })}
      description={t("channelHint")}
    >
      <RetentionForm
        rule={channel?.retention ?? null}
        previewPath={`/api/channels/${channelId}/retention/preview`}
        onSave={async (rule) => {
          await safetyCalls(client.rest).setChannelRetention(channelId, rule);
          onClose();
        }}
      />
    </Dialog>
  );
}
