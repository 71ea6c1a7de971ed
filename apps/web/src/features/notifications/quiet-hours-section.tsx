import type { QuietHours } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../core/client.ts";
import { useProfileSave } from "../../core/use-profile-save.ts";
import { PanelSection } from "../../layout/panel-section.tsx";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { Switch } from "../../ui/switch.tsx";

const weekDays = [1, 2, 3, 4, 5, 6, 7] as const;
const zoneHere = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
/** A day of a month that begins with a Monday. */
const aMonth = (day: number) => new Date(2024, 0, day);
const usual = (): QuietHours => ({ time_zone: zoneHere(), days: [...weekDays], from: "22:00", to: "08:00" });

/** When nothing rings, on all devices. */
export function QuietHoursSection() {
  const { t } = useTranslation("notifications");
  const me = useMe();
  const { pending, choose } = useProfileSave();
  const hours = pending?.quiet_hours === undefined ? me.quiet_hours : pending.quiet_hours;
  // Turned off and on again, they are as before.
  const [former, setFormer] = useState(hours);
  const save = (quiet_hours: QuietHours | null) => {
    setFormer(quiet_hours ?? hours);
    void choose({ quiet_hours });
  };
  return (
    <PanelSection title={t("quiet.title")} hint={t("quiet.hint")}>
      <div className="flex flex-col gap-4">
        <Switch
          label={t("quiet.on")}
          checked={hours !== null}
          onChange={(on) => save(on ? (former ?? usual()) : null)}
        />
        {hours && <Hours hours={hours} save={save} />}
      </div>
    </PanelSection>
  );
}

function Hours({ hours, save }: { hours: QuietHours; save: (hours: QuietHours) => void }) {
  const { t } = useTranslation("notifications");
  const { time_zone: zone } = hours;
  const time = (end: "from" | "to") => (
    <Field label={t(`quiet.${end}`)} className="w-32">
      <Input
        type="time"
        required
        value={hours[end]}
        onChange={({ target }) => target.value !== "" && save({ ...hours, [end]: target.value })}
      />
    </Field>
  );
  return (
    <>
      <div className="flex flex-wrap gap-4">
        {time("from")}
        {time("to")}
      </div>
      <Days hours={hours} save={save} />
      <div className="flex flex-wrap items-center gap-3 text-sm text-muted">
        <span>{t("quiet.zone", { zone })}</span>
        {zone !== zoneHere() && (
          <Button size="sm" onClick={() => save({ ...hours, time_zone: zoneHere() })}>
            {t("quiet.useZone", { zone: zoneHere() })}
          </Button>
        )}
      </div>
    </>
  );
}

function Days({ hours, save }: { hours: QuietHours; save: (hours: QuietHours) => void }) {
  const { t, i18n } = useTranslation("notifications");
  const { days } = hours;
  const nameOf = (day: number, weekday: "long" | "short") => aMonth(day).toLocaleDateString(i18n.language, { weekday });
  function toggle(day: number, isOn: boolean): void {
    const others = days.filter((one) => one !== day);
    const next = isOn ? others : [...others, day].toSorted((a, b) => a - b);
    // One stays, or there were no hours at all.
    if (next.length > 0) save({ ...hours, days: next });
  }
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 text-sm font-medium">{t("quiet.days")}</legend>
      <div className="flex flex-wrap gap-1.5">
        {weekDays.map((day) => {
          const isOn = days.includes(day);
          return (
            <button
              key={day}
              type="button"
              aria-pressed={isOn}
              title={nameOf(day, "long")}
              onClick={() => toggle(day, isOn)}
              className={cx(
                "min-h-9 min-w-11 rounded-md border px-2 text-sm transition-colors pointer-coarse:min-h-11",
                isOn ? "border-accent bg-accent-soft font-medium" : "border-line-strong text-muted hover:bg-hover",
              )}
            >
              {nameOf(day, "short")}
            </button>
          );
        })}
      </div>
    </fieldset>
  );
}
