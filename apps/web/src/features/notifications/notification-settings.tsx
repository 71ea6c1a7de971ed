import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useMe } from "../../core/client.ts";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { Switch } from "../../ui/switch.tsx";
import { PanelSection } from "../../layout/panel-section.tsx";
import { allowSound } from "../../core/audio/audio-context.ts";
import { playSound } from "../../core/audio/sounds.ts";
import { keepSubscription } from "./push/subscribe.ts";
import { PushSection } from "./push/push-section.tsx";
import { askForDesktop, desktopPermission } from "./desktop-notifications.ts";
import { QuietHoursSection } from "./quiet-hours-section.tsx";
import { LevelSettings } from "./level-settings.tsx";
import {
  changeNotificationPreferences,
  notificationKinds,
  useNotificationPreferences,
} from "./notification-preferences.ts";

/** The panel of the settings dialog for notifications. */
export function NotificationSettings() {
  const { t } = useTranslation("notifications");
  const preferences = useNotificationPreferences();
  const { status } = useMe();
  const client = useClient();
  return (
    <>
      {status === "dnd" && <AlertBanner className="mb-6">{t("settings.dnd")}</AlertBanner>}
      <QuietHoursSection />
      <LevelSettings />
      <PanelSection title={t("settings.away")} hint={t("settings.awayHint")}>
        <div className="flex flex-col gap-3">
          <DesktopSwitch />
          <Switch
            label={t("settings.sound")}
            checked={preferences.sound}
            onChange={(sound) => {
              changeNotificationPreferences({ sound });
              if (sound) void allowSound().then((isAllowed) => isAllowed && playSound("notification"));
            }}
          />
        </div>
      </PanelSection>
      <PushSection />
      <PanelSection title={t("settings.kinds")} hint={t("settings.kindsHint")}>
        <div className="flex flex-col gap-3">
          {notificationKinds.map((kind) => (
            <Checkbox
              key={kind}
              label={t(`settings.${kind}`)}
              checked={preferences[kind]}
              onChange={(on) => {
                changeNotificationPreferences({ [kind]: on });
                void keepSubscription(client);
              }}
            />
          ))}
        </div>
      </PanelSection>
    </>
  );
}

function DesktopSwitch() {
  const { t } = useTranslation("notifications");
  const desktop = useNotificationPreferences((preferences) => preferences.desktop);
  const [permission, setPermission] = useState(desktopPermission);
  async function change(on: boolean): Promise<void> {
    const answer = on ? await askForDesktop() : permission;
    setPermission(answer);
    changeNotificationPreferences({ desktop: on && answer === "granted", wasAsked: true });
  }
  const isImpossible = permission === "denied" || permission === "unsupported";
  return (
    <Switch
      label={t("settings.desktop")}
      hint={isImpossible ? t(`settings.${permission}`) : undefined}
      checked={desktop && permission === "granted"}
      disabled={isImpossible}
      onChange={(on) => void change(on)}
    />
  );
}
