import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Chip } from "./chip.ts";
import { useChipText } from "./use-chip-text.ts";

/** A filter in the field, with its button for removal. */
export function ChipMark({ chip, onRemove }: { chip: Chip; onRemove: () => void }) {
  const { t } = useTranslation("search");
  const { label } = useChipText()(chip);
  const filter = t(`filter.${chip.kind}`);
  return (
    <span className="flex h-6 max-w-full items-center gap-1 rounded-sm bg-accent-soft pl-1.5 text-xs">
      <span className="shrink-0 text-muted">{filter}:</span>
      <span className="truncate font-medium">{label}</span>
      <button
        type="button"
        aria-label={t("remove", { filter: `${filter}: ${label}` })}
        onClick={onRemove}
        className="flex size-6 shrink-0 items-center justify-center rounded-sm text-muted hover:text-ink"
      >
        <X size={12} aria-hidden />
      </button>
    </span>
  );
}
