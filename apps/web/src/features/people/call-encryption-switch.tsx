import type { Dm } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { Switch } from "../../ui/switch.tsx";

/** Whether calls of a conversation are encrypted from end to end; nothing on an instance that encrypts no private calls. */
export function CallEncryptionSwitch({ channelId }: { channelId: number }) {
  const { t } = useTranslation("people");
  const { rest } = useClient();
  const { busy, run } = useAction();
  const isOffered = useClientState((state) => state.instance?.private_call_encryption === true);
  const isOn = useClientState((state) => state.dms[channelId]?.calls_encrypted !== false);
  if (!isOffered) return null;
  const change = (calls_encrypted: boolean) =>
    void run(() => rest.call<Dm>("PATCH", `/api/dms/${channelId}`, { body: { calls_encrypted } }));
  return (
    <Switch
      label={t("callEncryption.label")}
      hint={t(isOn ? "callEncryption.onHint" : "callEncryption.offHint")}
      checked={isOn}
      disabled={busy}
      onChange={change}
    />
  );
}
