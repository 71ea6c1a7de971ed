import { LockKeyholeOpen } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { useCall } from "../voice/use-call.ts";

/** Says that the user's call is not encrypted from end to end, where calls are unless somebody has turned that off. */
export function PlainCallNote({ channelId }: { channelId: number }) {
  const { t } = useTranslation("people");
  const isOffered = useClientState((state) => state.instance?.private_call_encryption === true);
  const isOn = useClientState((state) => state.dms[channelId]?.calls_encrypted !== false);
  const isPlain = useCall((state) => state.status === "connected" && state.encryption === null);
  if (!isOffered || !isPlain) return null;
  return (
    <p role="status" className="flex items-center justify-center gap-1.5 px-4 pb-2.5 text-sm text-muted">
      <LockKeyholeOpen size={15} aria-hidden className="shrink-0" />
      {t(isOn ? "callEncryption.plainStill" : "callEncryption.plain")}
    </p>
  );
}
