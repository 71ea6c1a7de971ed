import { useTranslation } from "react-i18next";
import { cx } from "../../ui/cx.ts";
import type { Suggestion } from "./use-filter-suggestions.ts";

interface SuggestionListProps {
  listId: string;
  suggestions: readonly Suggestion[];
  active: Suggestion | undefined;
  onPoint: (index: number) => void;
  onTake: (suggestion: Suggestion) => void;
}

/** Filters, or values of one, below the field, which keeps the focus. */
export function SuggestionList({ listId, suggestions, active, onPoint, onTake }: SuggestionListProps) {
  const { t } = useTranslation("search");
  return (
    <div
      role="listbox"
      id={listId}
      aria-label={t("suggestions")}
      tabIndex={-1}
      onMouseDown={(event) => event.preventDefault()}
      className="animate-in absolute top-[calc(100%+0.375rem)] right-0 z-40 max-h-[60dvh] w-full min-w-72 overflow-y-auto rounded-lg bg-overlay p-1 shadow-overlay"
    >
      {suggestions.map((suggestion, index) => (
        <div
          key={suggestion.key}
          role="option"
          id={`${listId}-${index}`}
          aria-selected={suggestion === active}
          tabIndex={-1}
          onPointerMove={() => suggestion !== active && onPoint(index)}
          onClick={() => onTake(suggestion)}
          onKeyDown={undefined}
          className={cx(
            "flex min-h-8 items-center gap-2 rounded-sm px-2 text-sm pointer-coarse:min-h-11",
            suggestion === active && "bg-active",
          )}
        >
          <span dir="auto" className="truncate font-medium">
            {suggestion.label}
          </span>
          <span className="truncate text-muted">{suggestion.hint}</span>
        </div>
      ))}
    </div>
  );
}
