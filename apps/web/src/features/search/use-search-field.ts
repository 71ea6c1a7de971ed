import { type KeyboardEvent, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type SearchPlace, withChip } from "./chip.ts";
import { splitFilter } from "./filter-text.ts";
import { closeSearch, setChips, setText, submit, useSearch } from "./search-store.ts";
import { type Suggestion, useFilterSuggestions } from "./use-filter-suggestions.ts";

/** What the field of the search holds and suggests, and what its keys do. */
export function useSearchField(place: SearchPlace) {
  const { t } = useTranslation("search");
  const { text, chips } = useSearch();
  const [isFocused, setFocused] = useState(false);
  const [isDismissed, setDismissed] = useState(false);
  const [index, setIndex] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const { words, filter } = splitFilter(text, (kind) => t(`filter.${kind}`));
  const suggestions = useFilterSuggestions(place, words, filter);
  const isOpen = isFocused && !isDismissed && suggestions.length > 0;
  const active = isOpen ? suggestions[filter ? Math.max(0, index) : index] : undefined;

  function change(value: string): void {
    setText(value);
    setIndex(-1);
    setDismissed(false);
  }

  function take(suggestion: Suggestion): void {
    input.current?.focus();
    if (!("chip" in suggestion)) return change(words.replace(/\S*$/, "") + suggestion.label);
    setIndex(-1);
    submit(words, withChip(chips, suggestion.chip));
  }

  function enter(): void {
    if (active) return take(active);
    setDismissed(true);
    submit(text, chips);
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && isOpen) setIndex((index + step + suggestions.length) % suggestions.length);
    else if (event.key === "ArrowDown") document.querySelector<HTMLElement>("[data-search-hit]")?.focus();
    else if (event.key === "Enter") enter();
    else if (event.key === "Tab" && active && !event.shiftKey) take(active);
    else if (event.key === "Escape" && isOpen) setDismissed(true);
    else if (event.key === "Escape") closeSearch();
    else if (event.key === "Backspace" && text === "" && chips.length > 0) setChips(chips.slice(0, -1));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const activeId = active ? `${listId}-${suggestions.indexOf(active)}` : undefined;
  const handlers = {
    onFocus: () => setFocused(true),
    onBlur: () => setFocused(false),
    onClick: () => setDismissed(false),
    onKeyDown,
  };
  return {
    text,
    chips,
    input,
    change,
    handlers,
    list: { listId, suggestions, active, onPoint: setIndex, onTake: take },
    isOpen,
    activeId,
  };
}
