import type { MonitorRange } from "@miscord/protocol";
import { RadioGroup } from "radix-ui";
import { useTranslation } from "react-i18next";
import { ranges } from "./ranges.ts";

export function RangeSwitch({ range, onChange }: { range: MonitorRange; onChange: (range: MonitorRange) => void }) {
  const { t } = useTranslation("monitor");
  return (
    <RadioGroup.Root
      aria-label={t("range.label")}
      value={range}
      onValueChange={(chosen) => onChange(chosen as MonitorRange)}
      className="flex shrink-0 rounded-md bg-active p-0.5"
    >
      {ranges.map((each) => (
        <RadioGroup.Item
          key={each}
          value={each}
          className="h-7 rounded-sm px-2.5 text-xs font-medium text-muted transition-colors hover:text-ink data-[state=checked]:bg-surface data-[state=checked]:text-ink"
        >
          {t(`range.${each}`)}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
