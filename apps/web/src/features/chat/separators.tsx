import { useTranslation } from "react-i18next";
import { useDayText } from "../../i18n/time-texts.ts";

/**
 * A line with a day, "new messages", or both. Empty where an earlier "new messages" line stood, so that the rows below
 * keep their place.
 */
export function Separator({ day, isNew }: { day: string | null; isNew: boolean }) {
  const { t } = useTranslation("chat");
  const dayText = useDayText(day);
  const line = <span aria-hidden className={`h-px flex-1 ${isNew ? "bg-danger-ink" : "bg-line"}`} />;
  return (
    <div className="flex h-9 items-center gap-2 px-4 text-xs font-semibold select-none">
      {line}
      {day !== null && (
        <time dateTime={day} className={isNew ? "text-danger-ink" : "text-faint"}>
          {dayText}
        </time>
      )}
      {day !== null && line}
      {isNew && (
        <span className="rounded-full bg-danger px-2 py-px text-2xs text-on-danger">{t("list.newMessages")}</span>
      )}
    </div>
  );
}
