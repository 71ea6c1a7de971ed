import type { SearchSort } from "@miscord/protocol";
import { create } from "zustand";
import { type Chip, withChip } from "./chip.ts";

interface SearchState {
  /** The panel with the results is shown. */
  readonly isOpen: boolean;
  readonly text: string;
  readonly chips: readonly Chip[];
  readonly sort: SearchSort;
  /** What was searched for last; null before the first search. A new object searches again. */
  readonly submitted: { readonly text: string; readonly chips: readonly Chip[] } | null;
}

const empty = { isOpen: false, text: "", chips: [], submitted: null } as const;

export const useSearch = create<SearchState>(() => ({ ...empty, sort: "newest" }));

export const fieldId = "search-field";

export const setText = (text: string) => useSearch.setState({ text });
export const setChips = (chips: readonly Chip[]) => useSearch.setState({ chips });
export const setSort = (sort: SearchSort) => useSearch.setState({ sort });

/** Shows the results for these words and filters, or nothing without any. */
export function submit(text: string, chips: readonly Chip[]): void {
  const isNothing = text.trim() === "" && chips.length === 0;
  useSearch.setState({ text, chips, isOpen: true, submitted: isNothing ? null : { text, chips } });
}

export function openSearch(): void {
  useSearch.setState({ isOpen: true });
}

export function closeSearch(): void {
  useSearch.setState(empty);
}

/** Hides the panel, and keeps what it shows for when it is opened again. */
export function hideSearch(): void {
  useSearch.setState({ isOpen: false });
}

/**
 * Moves the focus to the field, with the channel as a filter. False when the page has no field, or when the field has the
 * focus already.
 */
export function focusSearch(channelId: number | null): boolean {
  const field = document.getElementById(fieldId);
  const button = document.querySelector<HTMLElement>("[data-search-button]");
  if (field === document.activeElement || (!field && !button)) return false;
  const { chips } = useSearch.getState();
  const others = chips.filter(({ kind }) => kind !== "in");
  setChips(channelId === null ? others : withChip(others, { kind: "in", channelId }));
  if (field) field.focus();
  else openSearch();
  return true;
}
