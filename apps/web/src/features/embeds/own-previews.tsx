import type { ProfileBody } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { useClient, useMe } from "../../core/client.ts";
import { useLatestSave } from "../../core/use-latest-save.ts";
import { PanelSection } from "../../layout/panel-section.tsx";
import { Switch } from "../../ui/switch.tsx";

/** Whether the user sees previews of pages, on all of their devices. */
export function OwnPreviews() {
  const { t } = useTranslation("previews");
  const client = useClient();
  const me = useMe();
  const { pending, choose } = useLatestSave<ProfileBody>(async (change, isLatest) => {
    await client.rest.updateProfile(change);
    if (isLatest()) await client.reloadMe();
  });
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
