import { useEffect } from "react";
import { useClientState } from "../../core/client.ts";
import { mentionsOf } from "./unread-title.ts";

/** A dot on the tab's icon while mentions wait, and their number on the icon of the installed app. */
export function useUnreadMark(): void {
  const mentions = useClientState(mentionsOf);
  useEffect(() => {
    mark(mentions);
    return () => mark(0);
  }, [mentions]);
}

function mark(mentions: number): void {
  const icon = document.querySelector('link[rel="icon"][type="image/svg+xml"]');
  icon?.setAttribute("href", mentions > 0 ? "/icons/icon-mention.svg" : "/icons/icon.svg");
  // Only installed apps have such an icon.
  navigator.setAppBadge?.(mentions).catch(() => {});
}
