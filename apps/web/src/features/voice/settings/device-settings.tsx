import { useTranslation } from "react-i18next";
import { Field } from "../../../ui/field.tsx";
import { Select } from "../../../ui/select.tsx";
import { PanelSection } from "../../../layout/panel-section.tsx";
import { canChooseSpeaker } from "../../../core/audio/audio-context.ts";
import { useMediaDevices, type MediaDevice } from "../use-media-devices.ts";
import { changeVoiceSettings, useVoiceSettings } from "../voice-settings.ts";

/** Value of the system's default device, since the select component does not accept an empty value. */
const systemChoice = "system";

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

interface DeviceSelectProps {
  devices: readonly MediaDevice[];
  value: string;
  onChange: (id: string) => void;
}

function DeviceSelect({ devices, value, onChange }: DeviceSelectProps) {
  const { t } = useTranslation("voice");
  const options = devices.map(({ id, label }, index) => ({
    value: id,
    label: label || t("settings.unnamedDevice", { number: index + 1 }),
  }));
  const isThere = devices.some(({ id }) => id === value);
  return (
    <Select
      value={isThere ? value : systemChoice}
      onChange={(id) => onChange(id === systemChoice ? "" : id)}
      options={[{ value: systemChoice, label: t("settings.systemDevice") }, ...options]}
    />
  );
}
