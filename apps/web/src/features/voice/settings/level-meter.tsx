import { useTranslation } from "react-i18next";
import { cx } from "../../../ui/cx.ts";
import { useInputLevel } from "../voice-media.ts";

/** Range of the meter in dBFS: lower levels are silence, higher ones distortion. */
export const meterFloorDb = -80;

export function LevelMeter() {
  const { t } = useTranslation("voice");
  const { levelDb, isOpen } = useInputLevel();
  const percent = Math.round(Math.min(100, Math.max(0, ((levelDb - meterFloorDb) / -meterFloorDb) * 100)));
  return (
    <div
      role="meter"
      aria-label={t("settings.level")}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className="h-2.5 overflow-hidden rounded-full bg-active"
    >
      <div
        className={cx("h-full rounded-full", isOpen ? "bg-online" : "bg-line-strong")}
        style={{ width: `${percent}%` }}
      />
    </div>
  );
}
