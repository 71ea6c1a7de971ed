import { onboardingCalls } from "@miscord/client";
import { useTranslation } from "react-i18next";
import { useClient, useClientState, useMe } from "../../core/client.ts";
import { openDialog } from "../../core/dialog-store.ts";
import { untilState } from "../../core/until-state.ts";
import { PanelSection } from "../../layout/panel-section.tsx";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Button } from "../../ui/button.tsx";
import { Switch } from "../../ui/switch.tsx";
import { useGuarded } from "../settings/security/use-guarded.ts";

/** The owner requires a second factor of those who moderate. */
export function FactorPanel({ serverId }: { serverId: number }) {
  const { t } = useTranslation("security");
  const client = useClient();
  const me = useMe();
  const { busy, run, question } = useGuarded();
  const isRequired = useClientState((state) => state.servers[serverId]?.factor_required ?? false);
  const change = (isWanted: boolean) =>
    run(async () => {
      await onboardingCalls(client.rest).requireFactor(serverId, isWanted);
      await untilState(client, ({ servers }) => servers[serverId]?.factor_required === isWanted);
    });
  return (
    <PanelSection title={t("required.tab")} hint={t("required.hint")}>
      <Switch
        label={t("required.switch")}
        hint={t("required.switchHint")}
        checked={isRequired}
        disabled={busy || (!isRequired && !me.has_second_factor)}
        onChange={(isWanted) => void change(isWanted)}
      />
      {!me.has_second_factor && (
        <AlertBanner
          className="mt-4"
          action={
            <Button size="sm" onClick={() => openDialog({ kind: "settings", tab: "security" })}>
              {t("required.setUp")}
            </Button>
          }
        >
          {t("required.ownFirst")}
        </AlertBanner>
      )}
      {question}
    </PanelSection>
  );
}
