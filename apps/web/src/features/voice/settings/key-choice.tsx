import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../../ui/button.tsx";
import { Kbd } from "../../../ui/kbd.tsx";
import { changeVoiceSettings, useVoiceSettings } from "../voice-settings.ts";

/** A button that takes the next pressed key as the push-to-talk key. */
export function KeyChoice() {
  const { t } = useTranslation("voice");
  const pushKey = useVoiceSettings((settings) => settings.pushKey);
  const [isWaiting, setWaiting] = useState(false);
  useEffect(() => {
    if (!isWaiting) return undefined;
    const take = (event: KeyboardEvent) => {
      event.preventDefault();
      event.stopPropagation();
      setWaiting(false);
      changeVoiceSettings({ pushKey: event.code });
    };
    addEventListener("keydown", take, { capture: true });
    return () => removeEventListener("keydown", take, { capture: true });
  }, [isWaiting]);
  return (
    <div className="flex items-center gap-3">
      <span className="text-sm text-muted">{t("settings.key")}</span>
      <Kbd>{nameOf(pushKey)}</Kbd>
      <Button size="sm" onClick={() => setWaiting(true)}>
        {isWaiting ? t("settings.keyWait") : t("settings.keyChange")}
      </Button>
    </div>
  );
}

/** Name of a key code: `KeyV` is V, `Digit1` is 1, others such as `ControlLeft` are unchanged. */
function nameOf(code: string): string {
  return code === "Backquote" ? "`" : code.replace(/^(?:Key|Digit)(?=.$)/, "");
}
