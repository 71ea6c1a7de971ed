import type { AccountPage, InstanceAccount } from "@miscord/protocol";
import { useCallback, useEffect, useState } from "react";
import { useClient } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { type Loaded, useLoaded } from "../../core/use-loaded.ts";

/** How long nothing was typed until the server is asked. */
const pauseMs = 250;

interface Accounts {
  loaded: Loaded<readonly InstanceAccount[]>;
  reload: () => void;
  hasMore: boolean;
  isLoadingMore: boolean;
  loadMore: () => void;
}

/** Accounts of the instance whose names contain the text. */
export function useAccounts(text: string): Accounts {
  const { rest } = useClient();
  const { busy, run } = useAction();
  const search = usePaused(text.trim());
  const page = useCallback((before?: number) => rest.listAccounts({ search, before }), [rest, search]);
  const { loaded, reload } = useLoaded(useCallback(() => page(), [page]));
  const [older, setOlder] = useState<{ after: AccountPage; pages: readonly AccountPage[] } | null>(null);
  // Older pages belong to the first page that they were loaded after.
  const pages = loaded.value ? [loaded.value, ...(older?.after === loaded.value ? older.pages : [])] : [];
  const last = pages.at(-1);
  return {
    loaded: loaded.status === "ready" ? { ...loaded, value: pages.flatMap(({ accounts }) => accounts) } : loaded,
    reload,
    hasMore: last?.has_more ?? false,
    isLoadingMore: busy,
    loadMore: () =>
      void run(async () => {
        const next = await page(last?.accounts.at(-1)?.id);
        setOlder({ after: pages[0]!, pages: [...pages.slice(1), next] });
      }),
  };
}

/** The value, once it has not changed for a moment. */
function usePaused(value: string): string {
  const [paused, setPaused] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(value), pauseMs);
    return () => clearTimeout(timer);
  }, [value]);
  return paused;
}
