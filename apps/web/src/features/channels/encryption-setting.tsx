import type { ChannelPatch } from "@miscord/protocol";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { Checkbox } from "../../ui/checkbox.tsx";

/** Whether calls in a voice channel or on a stage are encrypted from end to end, and what was changed of it. */
export function useEncryptionSetting(channelId: number): {
  settings: Pick<ChannelPatch, "is_encrypted">;
  fields: ReactNode;
} {
  const { t } = useTranslation("voice");
  const [initial] = useState(useClientState((state) => state.channels[channelId]?.is_encrypted ?? false));
  const [isEncrypted, setEncrypted] = useState(initial);
  const fields = (
    <div className="mt-4">
      <Checkbox label={t("encryption.channel")} checked={isEncrypted} onChange={setEncrypted} />
      <p className="mt-1.5 pl-7.5 text-sm text-muted">{t("encryption.channelHint")}</p>
    </div>
  );
  return { settings: isEncrypted === initial ? {} : { is_encrypted: isEncrypted }, fields };
}
