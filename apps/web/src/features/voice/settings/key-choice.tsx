import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../../ui/button.tsx";
import { Kbd } from "../../../ui/kbd.tsx";
import { pausePushToTalk } from "../push-to-talk.ts";
import { codeOf, isModifier, parseTalkKey, talkKeyOf, talkKeyText } from "../talk-key.ts";
import { changeVoiceSettings, useVoiceSettings } from "../voice-settings.ts";

/** A button that takes the next pressed key, combination or mouse button as the push-to-talk key. */
export function KeyChoice() {
  const { t } = useTranslation("voice");
  const pushKey = useVoiceSettings((settings) => settings.pushKey);
  const [isWaiting, setWaiting] = useState(false);
  useEffect(() => (isWaiting ? takeNextKey(() => setWaiting(false)) : undefined), [isWaiting]);
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <span className="text-sm text-muted">{t("settings.key")}</span>
        <Kbd>{nameOf(pushKey, (number) => t("settings.mouseButton", { number }))}</Kbd>
        <Button size="sm" onClick={() => setWaiting(true)}>
          {isWaiting ? t("settings.keyWait") : t("settings.keyChange")}
        </Button>
      </div>
      <p className="mt-2 text-sm text-muted">{t("settings.keyHint")}</p>
    </>
  );
}

/** A modifier is taken when it is released, since a combination begins with it. Escape keeps the present key. */
function takeNextKey(onDone: () => void): () => void {
  const listening = new AbortController();
  const options = { capture: true, signal: listening.signal };
  function take(event: KeyboardEvent | MouseEvent): void {
    const key = talkKeyOf(event);
    if (!key) return;
    event.preventDefault();
    event.stopPropagation();
    const isPress = event.type !== "keyup";
    if (isPress === isModifier(key.code)) return;
    if (key.code !== "Escape") changeVoiceSettings({ pushKey: talkKeyText(key) });
    onDone();
  }
  pausePushToTalk(true);
  addEventListener("keydown", take, options);
  addEventListener("keyup", (event) => isModifier(codeOf(event) ?? "") && take(event), options);
  addEventListener("mousedown", take, options);
  return () => {
    listening.abort();
    pausePushToTalk(false);
  };
}

/** `KeyV` is V, `Digit1` is 1, `ControlLeft` is Control (left); codes without a short name are unchanged. */
function nameOf(pushKey: string, mouseButton: (number: number) => string): string {
  const { modifiers, code } = parseTalkKey(pushKey);
  const name = code.startsWith("Mouse") ? mouseButton(Number(code.slice(5))) : keyName(code);
  return [...modifiers.map((one) => (one === "Control" ? "Ctrl" : one)), name].join(" + ");
}

function keyName(code: string): string {
  if (code === "Backquote") return "`";
  return code.replace(/^(?:Key|Digit)(?=.$)/, "").replace(/^(Control|Alt|Shift|Meta)(Left|Right)$/, "$1 ($2)");
}
