import { safetyCalls } from "@miscord/client";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { PanelSection } from "../../layout/panel-section.tsx";
import { RetentionForm } from "../retention/retention-form.tsx";

/** How long the server keeps messages and files. */
export function RetentionPanel({ serverId }: { serverId: number }) {
  const { t } = useTranslation("retention");
  const client = useClient();
  const rule = useClientState((state) => state.servers[serverId]?.retention) ?? null;
  return (
    <PanelSection title={t("title")} hint={t("serverHint")}>
      <RetentionForm
        key={JSON.stringify(rule)}
        rule={rule}
        previewPath={`/api/servers/${serverId}/retention/preview`}
        onSave={(wanted) => safetyCalls(client.rest).setRetention(serverId, wanted)}
      />
    </PanelSection>
  );
}
