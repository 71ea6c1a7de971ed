import { LockKeyhole, LockKeyholeOpen } from "lucide-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../../ui/icon-button.tsx";
import { Popover } from "../../../ui/popover.tsx";
import { useCall } from "../use-call.ts";
import { EncryptionDetails } from "./encryption-details.tsx";

/** The lock of an encrypted call, closed while everybody in it has the keys and nobody else. Behind it, the code and who has them. */
export function EncryptionPopover({ channelId }: { channelId: number }) {
  const { t } = useTranslation("voice");
  const isEncrypted = useCall((state) => state.encryption !== null);
  const isOn = useCall((state) => state.encryption?.isOn === true);
  if (!isEncrypted) return null;
  const label = t(isOn ? "encryption.on" : "encryption.pending");
  const icon = isOn ? <LockKeyhole size={18} className="text-link" /> : <LockKeyholeOpen size={18} />;
  return (
    <Popover
      trigger={<IconButton label={label} icon={icon} />}
      label={label}
      side="top"
      className="w-84 max-w-[calc(100vw-1rem)]"
    >
      <EncryptionDetails channelId={channelId} />
    </Popover>
  );
}
