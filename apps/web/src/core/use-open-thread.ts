import type { MouseEvent } from "react";
import { useLocation } from "wouter";
import { useClient } from "./client.ts";
import { paths } from "./paths.ts";

/**
 * For links to threads: what the user does not follow is loaded first, so that the channel stays on the screen until then. The
 * page at the address says what could not be loaded.
 */
export function useOpenThread() {
  const client = useClient();
  const [, navigate] = useLocation();
  return (event: MouseEvent, thread: { id: number; server_id: number | null }): void => {
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!isPlain || thread.id in client.store.getState().threads) return;
    event.preventDefault();
    const go = () => navigate(paths.channelOf(thread));
    client.loadThread(thread.id).then(go, go);
  };
}
