import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/icon-button.tsx";
import type { RefusedFile } from "./use-chosen-files.ts";

/** Files that were left out, and why. */
export function RefusedFiles({ files, onClose }: { files: readonly RefusedFile[]; onClose: () => void }) {
  const { t } = useTranslation(["pictures", "common"]);
  if (files.length === 0) return null;
  return (
    <section aria-label={t("archive.refused")} className="mb-4 rounded-lg bg-sunken p-3">
      <div className="flex items-start gap-2">
        <h4 role="status" className="min-w-0 flex-1 py-1 text-sm font-medium">
          {t("archive.refusedCount", { count: files.length })}
        </h4>
        <IconButton size="sm" label={t("common:close")} icon={<X size={16} />} onClick={onClose} />
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a list that scrolls is reached by keyboard */}
      <ul tabIndex={0} className="focus-inset max-h-40 overflow-y-auto rounded-sm text-sm text-muted">
        {files.map(({ name, reason }, place) => (
          // oxlint-disable-next-line react/no-array-index-key -- several files may have one name, and the list never changes
          <li key={place} className="py-0.5 wrap-anywhere">
            <bdi className="text-ink">{name}</bdi> — {t(`archive.reasons.${reason}`)}
          </li>
        ))}
      </ul>
    </section>
  );
}
