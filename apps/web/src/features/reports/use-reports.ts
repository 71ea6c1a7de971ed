import { reportCalls } from "@miscord/client";
import type { Report, ReportPage, ReportStatus } from "@miscord/protocol";
import { useCallback, useEffect, useState } from "react";
import { useClient } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { type Loaded, useLoaded } from "../../core/use-loaded.ts";

interface Reports {
  loaded: Loaded<readonly Report[]>;
  reload: () => void;
  hasMore: boolean;
  isLoadingMore: boolean;
  loadMore: () => void;
}

/** The reports of the server, or with null those for the administrators of the instance; loaded again whenever they change. */
export function useReports(serverId: number | null, status: ReportStatus): Reports {
  const client = useClient();
  const { busy, run } = useAction();
  const page = useCallback(
    (before?: number) => reportCalls(client.rest).listReports(serverId, { status, before }),
    [client, serverId, status],
  );
  const { loaded, reload } = useLoaded(useCallback(() => page(), [page]));
  useEffect(
    () => client.on("event", (event) => event.type === "reports_changed" && event.server_id === serverId && reload()),
    [client, serverId, reload],
  );
  const [older, setOlder] = useState<{ after: ReportPage; pages: readonly ReportPage[] } | null>(null);
  // Older pages belong to the first page that they were loaded after.
  const pages = loaded.value ? [loaded.value, ...(older?.after === loaded.value ? older.pages : [])] : [];
  const last = pages.at(-1);
  return {
    loaded: loaded.status === "ready" ? { ...loaded, value: pages.flatMap(({ reports }) => reports) } : loaded,
    reload,
    hasMore: last?.has_more ?? false,
    isLoadingMore: busy,
    loadMore: () =>
      void run(async () => {
        const next = await page(last?.reports.at(-1)?.id);
        setOlder({ after: pages[0]!, pages: [...pages.slice(1), next] });
      }),
  };
}
