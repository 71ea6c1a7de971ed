import { useTranslation } from "react-i18next";
import { Select } from "../../../ui/select.tsx";
import type { MediaDevice } from "../use-media-devices.ts";

/** Value of the system's default device, since the select component does not accept an empty value. */
const systemChoice = "system";

interface DeviceSelectProps {
  devices: readonly MediaDevice[];
  value: string;
  onChange: (id: string) => void;
}

export function DeviceSelect({ devices, value, onChange }: DeviceSelectProps) {
  const { t } = useTranslation("voice");
  const options = devices.map(({ id, label }, index) => ({
    value: id,
    label: label || t("settings.unnamedDevice", { number: index + 1 }),
  }));
  // Without the permission the browser names no devices, which then does not mean that this one is gone.
  const isGone = value !== "" && devices.length > 0 && devices.every(({ id }) => id !== value);
  if (isGone) options.push({ value, label: t("settings.goneDevice") });
  return (
    <Select
      value={options.some((one) => one.value === value) ? value : systemChoice}
      onChange={(id) => onChange(id === systemChoice ? "" : id)}
      options={[{ value: systemChoice, label: t("settings.systemDevice") }, ...options]}
    />
  );
}
