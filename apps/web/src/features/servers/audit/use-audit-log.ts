import { safetyCalls } from "@miscord/client";
import type { AuditAction, AuditEntry, AuditLog, User } from "@miscord/protocol";
import { useCallback, useState } from "react";
import { useClient } from "../../../core/client.ts";
import { useAction } from "../../../core/use-action.ts";
import { type Loaded, useLoaded } from "../../../core/use-loaded.ts";

export interface AuditFilter {
  action: AuditAction | null;
  /** Who acted, or whom it concerned. */
  person: { role: "user_id" | "target_id"; user: User } | null;
}

interface AuditPages {
  loaded: Loaded<readonly AuditEntry[]>;
  reload: () => void;
  hasMore: boolean;
  isLoadingMore: boolean;
  loadMore: () => void;
}

/** The server's audit log, page by page. */
export function useAuditLog(serverId: number, { action, person }: AuditFilter): AuditPages {
  const client = useClient();
  const { busy, run } = useAction();
  const role = person?.role;
  const userId = person?.user.id;
  const page = useCallback(
    (before?: number) =>
      safetyCalls(client.rest).auditLog(serverId, {
        before,
        action: action ?? undefined,
        ...(role && { [role]: userId }),
      }),
    [client, serverId, action, role, userId],
  );
  const first = useCallback(() => page(), [page]);
  const { loaded, reload } = useLoaded(first);
  const [older, setOlder] = useState<{ after: AuditLog; pages: readonly AuditLog[] } | null>(null);
  // Older pages belong to the first page that they were loaded after.
  const pages = loaded.value ? [loaded.value, ...(older?.after === loaded.value ? older.pages : [])] : [];
  const last = pages.at(-1);
  return {
    loaded: loaded.status === "ready" ? { ...loaded, value: pages.flatMap(({ entries }) => entries) } : loaded,
    reload,
    hasMore: last?.has_more ?? false,
    isLoadingMore: busy,
    loadMore: () =>
      void run(async () => {
        const next = await page(last?.entries.at(-1)?.id);
        setOlder({ after: pages[0]!, pages: [...pages.slice(1), next] });
      }),
  };
}
