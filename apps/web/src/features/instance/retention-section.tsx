import type { InstanceSettings, InstanceSettingsPatch, Retention } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { PanelSection } from "../../layout/panel-section.tsx";
import { RetentionForm } from "../retention/retention-form.tsx";

interface RetentionSectionProps {
  settings: InstanceSettings;
  onSaved: () => void;
}

/** How long the whole instance keeps messages and files, private conversations included. */
export function RetentionSection({ settings: { set, defaults }, onSaved }: RetentionSectionProps) {
  const { t } = useTranslation("retention");
  const { rest } = useClient();
  const rule: Retention = {
    message_days: set.message_days ?? defaults.message_days,
    file_days: set.file_days ?? defaults.file_days,
    file_mb: set.file_mb ?? defaults.file_mb,
  };
  return (
    <PanelSection title={t("title")} hint={t("instanceHint")}>
      <RetentionForm
        rule={rule}
        previewPath="/api/instance/retention/preview"
        onSave={async (wanted) => {
          await rest.call<InstanceSettings>("PATCH", "/api/instance/settings", { body: patchOf(wanted, defaults) });
          onSaved();
        }}
      />
    </PanelSection>
  );
}

/** What is as the environment says is not set, so that it follows the environment. */
function patchOf(wanted: Retention, defaults: Retention): InstanceSettingsPatch {
  const unlessDefault = (name: keyof Retention) => (wanted[name] === defaults[name] ? null : wanted[name]);
  return {
    message_days: unlessDefault("message_days"),
    file_days: unlessDefault("file_days"),
    file_mb: unlessDefault("file_mb"),
  };
}
