import { Search, X } from "lucide-react";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "../../ui/cx.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { type Chip, withChip } from "./chip.ts";
import { ChipMark } from "./chip-mark.tsx";
import { splitFilter } from "./filter-text.ts";
import { closeSearch, fieldId, setChips, setText, submit, useSearch } from "./search-store.ts";
import { SuggestionList } from "./suggestion-list.tsx";
import { type Suggestion, useFilterSuggestions } from "./use-filter-suggestions.ts";

/** The field of the search: filters as chips, words, and suggestions below. Enter searches. */
export function SearchField({ serverId, className }: { serverId: number; className?: string }) {
  const { t } = useTranslation("search");
  const { text, chips } = useSearch();
  const [isFocused, setFocused] = useState(false);
  const [isDismissed, setDismissed] = useState(false);
  const [index, setIndex] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const { words, filter } = splitFilter(text, (kind) => t(`filter.${kind}`));
  const suggestions = useFilterSuggestions(serverId, words, filter);
  const isOpen = isFocused && !isDismissed && suggestions.length > 0;
  const active = isOpen ? suggestions[filter ? Math.max(0, index) : index] : undefined;

  function change(value: string): void {
    setText(value);
    setIndex(-1);
    setDismissed(false);
  }

  function take(suggestion: Suggestion): void {
    input.current?.focus();
    if ("chip" in suggestion) {
      setIndex(-1);
      submit(words, withChip(chips, suggestion.chip));
    } else change(words.replace(/\S*$/, "") + suggestion.label);
  }

  function search(): void {
    setDismissed(true);
    submit(text, chips);
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && isOpen) setIndex((index + step + suggestions.length) % suggestions.length);
    else if (event.key === "ArrowDown") document.querySelector<HTMLElement>("[data-search-hit]")?.focus();
    else if (event.key === "Enter") active ? take(active) : search();
    else if (event.key === "Tab" && isOpen && active && !event.shiftKey) take(active);
    else if (event.key === "Escape" && isOpen) setDismissed(true);
    else if (event.key === "Escape") closeSearch();
    else if (event.key === "Backspace" && text === "" && chips.length > 0) setChips(chips.slice(0, -1));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div
      role="search"
      onFocus={() => setFocused(true)}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) setFocused(false);
      }}
      className={cx("relative", className)}
    >
      <div className="flex min-h-8 w-full flex-wrap items-center gap-1 rounded-md border border-line-strong bg-field px-2 py-0.5 focus-within:outline-2 focus-within:outline-link">
        <Search size={15} aria-hidden className="shrink-0 text-faint" />
        <Chips chips={chips} />
        <input
          ref={input}
          id={fieldId}
          role="combobox"
          aria-label={t("label")}
          aria-expanded={isOpen}
          aria-controls={isOpen ? listId : undefined}
          aria-activedescendant={active ? `${listId}-${suggestions.indexOf(active)}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          enterKeyHint="search"
          maxLength={200}
          placeholder={chips.length === 0 ? t("placeholder") : undefined}
          value={text}
          onChange={(event) => change(event.target.value)}
          onClick={() => setDismissed(false)}
          onKeyDown={onKeyDown}
          className="min-w-16 flex-1 bg-transparent text-sm outline-none placeholder:text-faint pointer-coarse:text-[1rem]"
        />
        {(text !== "" || chips.length > 0) && (
          <IconButton size="xs" label={t("clear")} icon={<X size={14} />} tooltipSide="bottom" onClick={closeSearch} />
        )}
      </div>
      {isOpen && (
        <SuggestionList listId={listId} suggestions={suggestions} active={active} onPoint={setIndex} onTake={take} />
      )}
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
