import { create } from "zustand";
import { stored } from "../../core/stored.ts";

const key = "collapsed-categories";

function read(): readonly number[] {
  try {
    const value: unknown = JSON.parse(stored.get(key) ?? "[]");
    return Array.isArray(value) ? value.filter((id) => typeof id === "number") : [];
  } catch {
    return [];
  }
}

const useCollapsed = create<{ ids: readonly number[] }>(() => ({ ids: read() }));

/** Ids of the categories whose channels are hidden, in this browser. */
export function useCollapsedCategories(): readonly number[] {
  return useCollapsed((state) => state.ids);
}

export function toggleCategory(categoryId: number): void {
  const { ids } = useCollapsed.getState();
  const next = ids.includes(categoryId) ? ids.filter((id) => id !== categoryId) : [...ids, categoryId];
  useCollapsed.setState({ ids: next });
  stored.set(key, JSON.stringify(next));
}
