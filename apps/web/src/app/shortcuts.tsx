import { useEffect } from "react";
import { useLocation } from "wouter";
import { showsUnread } from "../core/unread.ts";
import { useClient } from "../core/client.ts";
import { openDialog, useDialogStore } from "../core/dialog-store.ts";
import { textChannelIds } from "../core/last-visited.ts";
import { paths } from "../core/paths.ts";
import { useRouteIds } from "../core/route-ids.ts";
import { focusSearch } from "../features/search/search-store.ts";
import { neighbour, shortcutOf } from "./shortcut-of.ts";

/** Handles the keyboard shortcuts that work on every page. */
export function Shortcuts() {
  const client = useClient();
  const { serverId, channelId } = useRouteIds();
  const [, navigate] = useLocation();
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      const shortcut = shortcutOf(event);
      if (!shortcut || useDialogStore.getState().dialog) return;
      // A second Ctrl+F is the browser's, and so is the first where there is nothing to search.
      if (shortcut.kind === "search" && !focusSearch(shortcut.scope === "channel" ? channelId : null)) return;
      event.preventDefault();
      if (shortcut.kind === "search") return;
      if (shortcut.kind === "open") openDialog({ kind: shortcut.dialog });
      else if (serverId !== null) {
        const state = client.store.getState();
        const ids = textChannelIds(state, serverId);
        const wanted = shortcut.unreadOnly ? ids.filter((id) => id === channelId || showsUnread(state, id)) : ids;
        const target = neighbour(wanted, channelId, shortcut.step);
        if (target !== null) navigate(paths.channel(serverId, target));
      }
    }
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [client, serverId, channelId, navigate]);
  return null;
}
