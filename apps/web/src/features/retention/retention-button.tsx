import { keptMessageDays, type Retention } from "@miscord/protocol";
import { Hourglass } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { retentionOf } from "../../core/retention-of.ts";
import { Popover } from "../../ui/popover.tsx";

/** How long messages of the channel are kept; opens what else is removed, in words. */
export function RetentionButton({ channelId }: { channelId: number }) {
  const { t } = useTranslation("retention");
  // As text, so that another list with the same rules renders nothing.
  const told = useClientState((state) => JSON.stringify(retentionOf(state, channelId)));
  const rules = JSON.parse(told) as readonly Retention[];
  const days = keptMessageDays(rules);
  const files = rules.filter(({ file_days }) => file_days > 0 && (days === 0 || file_days < days));
  const label = days > 0 ? t("mark.messages", { count: days }) : t("mark.files");
  return (
    <Popover
      label={t("title")}
      className="w-72 max-w-[calc(100vw-1rem)] p-4"
      trigger={
        <button
          type="button"
          aria-label={label}
          title={label}
          className="flex min-h-9 shrink-0 items-center justify-center gap-1 rounded-md px-1.5 text-sm max-md:min-w-9 text-muted hover:bg-hover hover:text-ink"
        >
          <Hourglass size={14} aria-hidden className="shrink-0" />
          {days > 0 && (
            <span aria-hidden className="max-md:hidden">
              {t("mark.short", { count: days })}
            </span>
          )}
        </button>
      }
    >
      <p className="mb-1 text-sm font-semibold">{t("title")}</p>
      <ul className="flex flex-col gap-1 text-sm text-muted">
        {days > 0 && <li>{t("mark.messagesHint", { count: days })}</li>}
        {files.map(({ file_days, file_mb }) => (
          <li key={`${file_days} ${file_mb}`}>
            {file_mb > 0
              ? t("mark.largeFilesHint", { count: file_days, size: file_mb })
              : t("mark.filesHint", { count: file_days })}
          </li>
        ))}
      </ul>
    </Popover>
  );
}
