import { useTranslation } from "react-i18next";
import { Slider } from "../../../ui/slider.tsx";
import { Switch } from "../../../ui/switch.tsx";
import { PanelSection } from "../../../layout/panel-section.tsx";
import { changeVoiceSettings, useVoiceSettings } from "../voice-settings.ts";
import { ChoiceRow } from "./choice-row.tsx";
import { KeyChoice } from "./key-choice.tsx";
import { meterFloorDb } from "./level-meter.tsx";

const firstThresholdDb = -45;

export function InputMode() {
  const { t } = useTranslation("voice");
  const { mode, thresholdDb } = useVoiceSettings();
  return (
    <PanelSection title={t("settings.mode")}>
      <ChoiceRow
        label={t("settings.mode")}
        value={mode}
        onChange={(next) => changeVoiceSettings({ mode: next })}
        choices={(["activity", "push"] as const).map((value) => ({ value, label: t(`settings.${value}`) }))}
      />
      <div className="mt-3">{mode === "push" ? <KeyChoice /> : <Threshold thresholdDb={thresholdDb} />}</div>
    </PanelSection>
  );
}

function Threshold({ thresholdDb }: { thresholdDb: number | null }) {
  const { t } = useTranslation("voice");
  return (
    <>
      <Switch
        label={t("settings.thresholdAuto")}
        checked={thresholdDb === null}
        onChange={(auto) => changeVoiceSettings({ thresholdDb: auto ? null : firstThresholdDb })}
      />
      {thresholdDb !== null && (
        <Slider
          className="mt-2"
          label={t("settings.threshold")}
          valueText={t("settings.thresholdText", { value: thresholdDb })}
          min={meterFloorDb}
          max={-10}
          value={thresholdDb}
          onChange={(value) => changeVoiceSettings({ thresholdDb: value })}
        />
      )}
    </>
  );
}
