import { type KeyboardEvent, type RefObject, useId, useState } from "react";
import { replaceRange } from "./insert-text.ts";
import { queryBefore, type Suggestion } from "./suggestion.ts";
import { useSuggestions } from "./use-suggestions.ts";

interface Options {
  serverId: number | null;
  channelId: number;
  value: string;
  area: RefObject<HTMLTextAreaElement | null>;
}

export interface Completion {
  listId: string;
  optionId: (index: number) => string;
  isOpen: boolean;
  suggestions: readonly Suggestion[];
  /** Index of the suggestion that Enter and Tab insert. */
  activeIndex: number;
  activate: (index: number) => void;
  take: (suggestion: Suggestion) => void;
  /** To be called whenever the text or the caret changes, and with null when the field loses the focus. */
  follow: (area: HTMLTextAreaElement | null) => void;
  /** Handles a key for the list. Returns true when the key was used. */
  handleKey: (event: KeyboardEvent) => boolean;
}

/** Suggestions for the word before the caret; the focus stays in the text. */
export function useCompletion({ serverId, channelId, value, area }: Options): Completion {
  const listId = useId();
  const [caret, setCaret] = useState<number | null>(null);
  const [active, setActive] = useState({ query: "", index: 0 });
  const [dismissed, setDismissed] = useState<number | null>(null);
  const query = caret === null ? null : queryBefore(value, caret);
  const suggestions = useSuggestions({ serverId, channelId }, query);
  const isOpen = query !== null && suggestions.length > 0 && dismissed !== query.start;
  const activeIndex = active.query === query?.text ? Math.min(active.index, suggestions.length - 1) : 0;
  const activate = (index: number) => setActive({ query: query?.text ?? "", index });

  function follow(field: HTMLTextAreaElement | null): void {
    const position = field && field.selectionStart === field.selectionEnd ? field.selectionStart : null;
    setCaret(position);
    if (field && (position === null || !queryBefore(field.value, position))) setDismissed(null);
  }

  function take(suggestion: Suggestion): void {
    if (query && area.current) replaceRange(area.current, query.start, query.end, suggestion.insert);
  }

  function handleKey(event: KeyboardEvent): boolean {
    const chosen = suggestions[activeIndex];
    if (!isOpen || !chosen || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return false;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) activate((activeIndex + step + suggestions.length) % suggestions.length);
    else if (event.key === "Enter" || event.key === "Tab") take(chosen);
    else if (event.key === "Escape") setDismissed(query.start);
    else return false;
    return true;
  }

  return {
    listId,
    optionId: (index) => `${listId}-${index}`,
    isOpen,
    suggestions,
    activeIndex,
    activate,
    take,
    follow,
    handleKey,
  };
}
