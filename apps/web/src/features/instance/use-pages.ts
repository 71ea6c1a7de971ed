import { useCallback, useState } from "react";
import { useAction } from "../../core/use-action.ts";
import { type Loaded, useLoaded } from "../../core/use-loaded.ts";

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly has_more: boolean;
}

export interface Pages<Item> {
  loaded: Loaded<readonly Item[]>;
  reload: () => void;
  hasMore: boolean;
  isLoadingMore: boolean;
  loadMore: () => void;
}

/** A list that is loaded page by page; `load` gets the last item of the page before, and is memoized by its caller. */
export function usePages<Item>(load: (last?: Item) => Promise<Page<Item>>): Pages<Item> {
  const { busy, run } = useAction();
  const { loaded, reload } = useLoaded(useCallback(() => load(), [load]));
  const [older, setOlder] = useState<{ after: Page<Item>; pages: readonly Page<Item>[] } | null>(null);
  // Older pages belong to the first page that they were loaded after.
  const pages = loaded.value ? [loaded.value, ...(older?.after === loaded.value ? older.pages : [])] : [];
  const last = pages.at(-1);
  return {
    loaded: loaded.status === "ready" ? { ...loaded, value: pages.flatMap(({ items }) => items) } : loaded,
    reload,
    hasMore: last?.has_more ?? false,
    isLoadingMore: busy,
    loadMore: () =>
      void run(async () => {
        const next = await load(last?.items.at(-1));
        setOlder({ after: pages[0]!, pages: [...pages.slice(1), next] });
      }),
  };
}
