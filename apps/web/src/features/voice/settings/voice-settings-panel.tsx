import { useTranslation } from "react-i18next";
import { Switch } from "../../../ui/switch.tsx";
import { PanelSection } from "../../../layout/panel-section.tsx";
import { changeVoiceSettings, useVoiceSettings } from "../voice-settings.ts";
import { BoardVolume } from "./board-volume.tsx";
import { CameraSettings } from "./camera-settings.tsx";
import { ChoiceRow } from "./choice-row.tsx";
import { DeviceSettings } from "./device-settings.tsx";
import { InputMode } from "./input-mode.tsx";
import { MicrophoneTest } from "./microphone-test.tsx";

export function VoiceSettingsPanel() {
  const { t } = useTranslation("voice");
  const { autoGain, sounds } = useVoiceSettings();
  return (
    <>
      <DeviceSettings />
      <MicrophoneTest />
      <CameraSettings />
      <InputMode />
      <NoiseSettings />
      <BoardVolume />
      <Switch
        label={t("settings.autoGain")}
        checked={autoGain}
        onChange={(on) => changeVoiceSettings({ autoGain: on })}
      />
      <Switch label={t("settings.sounds")} checked={sounds} onChange={(on) => changeVoiceSettings({ sounds: on })} />
    </>
  );
}

function NoiseSettings() {
  const { t } = useTranslation("voice");
  const noiseSuppression = useVoiceSettings((settings) => settings.noiseSuppression);
  return (
    <PanelSection title={t("settings.noise")} hint={t("settings.noiseHint")}>
      <ChoiceRow
        label={t("settings.noise")}
        value={noiseSuppression}
        onChange={(value) => changeVoiceSettings({ noiseSuppression: value })}
        choices={[
          { value: "off", label: t("settings.noiseOff") },
          { value: "browser", label: t("settings.noiseBrowser") },
          { value: "rnnoise", label: t("settings.noiseRnnoise") },
        ]}
      />
    </PanelSection>
  );
}
