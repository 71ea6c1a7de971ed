import { KeyRound } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Button } from "../../ui/button.tsx";
import { useHasPasskeys, usePasskey } from "../settings/security/use-passkey.ts";

/** Logs in without username and password, where this is possible. */
export function PasskeyLogin() {
  const { t } = useTranslation("security");
  const client = useClient();
  const { prove, describe } = usePasskey();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  if (!useHasPasskeys()) return null;
  async function enter() {
    setBusy(true);
    setFault(null);
    try {
      await client.login({ passkey: await prove() });
    } catch (error) {
      setFault(describe(error));
    }
    setBusy(false);
  }
  return (
    <div className="mt-3 flex flex-col gap-3">
      <Button size="lg" busy={busy} icon={<KeyRound size={18} aria-hidden />} onClick={() => void enter()}>
        {t("passkey.logIn")}
      </Button>
      {fault !== null && <AlertBanner tone="danger">{fault}</AlertBanner>}
    </div>
  );
}
