import { Search, X } from "lucide-react";
import { useEffectEvent, useLayoutEffect } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "../../ui/cx.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import type { Chip, SearchPlace } from "./chip.ts";
import { ChipMark } from "./chip-mark.tsx";
import { closeSearch, fieldId, setChips } from "./search-store.ts";
import { SuggestionList } from "./suggestion-list.tsx";
import { useSearchField } from "./use-search-field.ts";

export interface SearchFieldProps {
  place: SearchPlace;
  className?: string;
  /** Whether the field has the focus when it is first shown. */
  takesFocus: boolean;
}

/** The field of the search: filters as chips, words, and suggestions below. Enter searches. */
export function SearchField({ place, className, takesFocus }: SearchFieldProps) {
  const { t } = useTranslation("search");
  const { text, chips, input, change, handlers, list, isOpen, activeId } = useSearchField(place);
  const takeFocus = useEffectEvent(() => {
    const { current: field } = input;
    if (!takesFocus || !field) return;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  });
  useLayoutEffect(() => takeFocus(), []);
  return (
    <div role="search" className={cx("relative", className)}>
      <div className="flex min-h-8 w-full flex-wrap items-center gap-1 rounded-md border border-line-strong bg-field px-2 py-0.5 focus-within:outline-2 focus-within:outline-link">
        <Search size={15} aria-hidden className="shrink-0 text-faint" />
        <Chips chips={chips} />
        <input
          ref={input}
          id={fieldId}
          role="combobox"
          aria-label={t("label")}
          aria-expanded={isOpen}
          aria-controls={isOpen ? list.listId : undefined}
          aria-activedescendant={activeId}
          aria-autocomplete="list"
          autoComplete="off"
          enterKeyHint="search"
          maxLength={200}
          placeholder={chips.length === 0 ? t("placeholder") : undefined}
          value={text}
          onChange={(event) => change(event.target.value)}
          {...handlers}
          className="min-w-16 flex-1 bg-transparent text-sm outline-none placeholder:text-faint pointer-coarse:text-[1rem]"
        />
        {(text !== "" || chips.length > 0) && (
          <IconButton size="xs" label={t("clear")} icon={<X size={14} />} tooltipSide="bottom" onClick={closeSearch} />
        )}
      </div>
      {isOpen && <SuggestionList {...list} />}
    </div>
  );
}

function Chips({ chips }: { chips: readonly Chip[] }) {
  return chips.map((chip) => (
    <ChipMark
      key={JSON.stringify(chip)}
      chip={chip}
      onRemove={() => {
        setChips(chips.filter((other) => other !== chip));
        document.getElementById(fieldId)?.focus();
      }}
    />
  ));
}
