import { useTranslation } from "react-i18next";
import { Field } from "../../../ui/field.tsx";
import { PanelSection } from "../../../layout/panel-section.tsx";
import { canChooseSpeaker } from "../../../core/audio/audio-context.ts";
import { useMediaDevices } from "../use-media-devices.ts";
import { changeVoiceSettings, useVoiceSettings } from "../voice-settings.ts";
import { DeviceSelect } from "./device-select.tsx";

export function DeviceSettings() {
  const { t } = useTranslation("voice");
  const microphones = useMediaDevices("audioinput");
  const speakers = useMediaDevices("audiooutput");
  const { microphoneId, speakerId } = useVoiceSettings();
  const areNamesHidden = microphones.every(({ label }) => label === "");
  return (
    <PanelSection title={t("settings.devices")}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("settings.microphone")} hint={areNamesHidden && t("settings.namesHidden")}>
          <DeviceSelect
            devices={microphones}
            value={microphoneId}
            onChange={(id) => changeVoiceSettings({ microphoneId: id })}
          />
        </Field>
        <Field label={t("settings.speaker")} hint={!canChooseSpeaker() && t("settings.speakerBySystem")}>
          <DeviceSelect
            devices={canChooseSpeaker() ? speakers : []}
            value={speakerId}
            onChange={(id) => changeVoiceSettings({ speakerId: id })}
          />
        </Field>
      </div>
    </PanelSection>
  );
}
