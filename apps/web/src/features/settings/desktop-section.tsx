import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { desktopShell, type MiscordShell, type ShellSettings } from "../../core/desktop-shell.ts";
import { FailedPart } from "../../core/failed-part.tsx";
import { useAction } from "../../core/use-action.ts";
import { useLoaded } from "../../core/use-loaded.ts";
import { PanelSection } from "../../layout/panel-section.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Switch } from "../../ui/switch.tsx";

/** What the desktop shell lets its user choose; nothing in a browser. */
export function DesktopSection() {
  const { t } = useTranslation("settings");
  const shell = desktopShell();
  if (!shell) return null;
  return (
    <PanelSection title={t("desktop.title")}>
      <Choices shell={shell} />
    </PanelSection>
  );
}

function Choices({ shell }: { shell: MiscordShell }) {
  const { t } = useTranslation("settings");
  const { run } = useAction();
  const { loaded } = useLoaded(useCallback(() => shell.settings(), [shell]));
  const [changed, setChanged] = useState<ShellSettings | null>(null);
  if (loaded.status === "loading") return <Skeleton className="h-16 rounded-md" />;
  if (loaded.status === "failed") return <FailedPart />;
  const settings = changed ?? loaded.value;
  const change = (wanted: Partial<ShellSettings>) =>
    void run(async () => setChanged(await shell.changeSettings(wanted)));
  return (
    <>
      <Switch
        label={t("desktop.autostart")}
        checked={settings.autostart}
        onChange={(autostart) => change({ autostart })}
      />
      <Switch
        label={t("desktop.background")}
        hint={t("desktop.backgroundHint")}
        checked={settings.startInBackground}
        onChange={(startInBackground) => change({ startInBackground })}
      />
    </>
  );
}
