import { useTranslation } from "react-i18next";
import { useMe } from "../../core/client.ts";
import { useProfileSave } from "../../core/use-profile-save.ts";
import { PanelSection } from "../../layout/panel-section.tsx";
import { Switch } from "../../ui/switch.tsx";

/** Whether the user sees previews of pages, on all of their devices. */
export function OwnPreviews() {
  const { t } = useTranslation("previews");
  const me = useMe();
  const { pending, choose } = useProfileSave();
  return (
    <PanelSection title={t("title")}>
      <Switch
        label={t("own")}
        hint={t("ownHint")}
        checked={pending?.link_previews ?? me.link_previews ?? true}
        onChange={(isOn) => void choose({ link_previews: isOn })}
      />
    </PanelSection>
  );
}
