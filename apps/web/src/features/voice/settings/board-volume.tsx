import { useTranslation } from "react-i18next";
import { PanelSection } from "../../../layout/panel-section.tsx";
import { Slider } from "../../../ui/slider.tsx";
import { changeVoiceSettings, useVoiceSettings } from "../voice-settings.ts";

/** How loud sounds of the soundboard are on this device; at the left end they are not heard. */
export function BoardVolume() {
  const { t } = useTranslation(["soundboard", "voice"]);
  const volume = useVoiceSettings((settings) => settings.boardVolume);
  const text = volume === 0 ? t("off") : t("voice:quality.percent", { value: volume });
  return (
    <PanelSection title={t("volume")} hint={t("volumeHint")}>
      <div className="flex items-center gap-3">
        <Slider
          className="flex-1"
          label={t("volume")}
          valueText={text}
          min={0}
          max={100}
          step={5}
          value={volume}
          onChange={(boardVolume) => changeVoiceSettings({ boardVolume })}
        />
        <span aria-hidden className="w-16 text-right text-sm tabular-nums">
          {text}
        </span>
      </div>
    </PanelSection>
  );
}
