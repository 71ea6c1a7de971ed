import { FileX } from "lucide-react";
import { useTranslation } from "react-i18next";

/** In place of files that were too old. */
export function FilesRemoved({ count }: { count: number }) {
  const { t } = useTranslation("retention");
  return (
    <p className="mt-1 flex items-center gap-1.5 text-sm text-faint">
      <FileX size={14} aria-hidden className="shrink-0" />
      {t("filesRemoved", { count })}
    </p>
  );
}
