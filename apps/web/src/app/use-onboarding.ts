import type { ServerEntry } from "@miscord/client";
import { useEffect, useState } from "react";
import { useClientState } from "../core/client.ts";
import { openDialog, useDialogStore } from "../core/dialog-store.ts";
import { useRouteIds } from "../core/route-ids.ts";

/** Opens the onboarding for who has just joined the server that is shown, once a visit and over no other dialog. */
export function useOnboarding(): void {
  const { serverId } = useRouteIds();
  const isDue = useClientState(({ servers }) => isAsked(servers[serverId ?? 0]));
  const isFree = useDialogStore(({ dialog }) => dialog === null);
  const [shown] = useState(() => new Set<number>());
  useEffect(() => {
    if (serverId === null || !isDue || !isFree || shown.has(serverId)) return;
    shown.add(serverId);
    openDialog({ kind: "onboarding", serverId });
  }, [serverId, isDue, isFree, shown]);
}

/** Times of one format, which are compared as text. */
function isAsked(server: ServerEntry | undefined): boolean {
  // A server of an older version has no onboarding.
  return Boolean(server?.onboarding_since && !server.onboarded && server.joined_at >= server.onboarding_since);
}
