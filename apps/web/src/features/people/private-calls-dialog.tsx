import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { dmName } from "../../core/people.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { CallEncryptionSwitch } from "./call-encryption-switch.tsx";

/** What holds for the calls of a conversation of two. */
export function PrivateCallsDialog({ channelId, onClose }: { channelId: number; onClose: () => void }) {
  const { t } = useTranslation("people");
  const name = useClientState((state) => dmName(state, channelId));
  return (
    <Dialog open onOpenChange={onClose} title={t("callEncryption.title", { name })}>
      <CallEncryptionSwitch channelId={channelId} />
    </Dialog>
  );
}
