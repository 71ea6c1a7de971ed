import { useEffect } from "react";
import { useClientState } from "../../core/client.ts";
import { desktopShell } from "../../core/desktop-shell.ts";
import { mentionsOf } from "../../core/unread.ts";

/** Shows a dot on the tab icon while there are unread mentions, and their number on the icon of the installed app. */
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
  desktopShell()?.setBadge(mentions);
  // Browsers show the badge for installed apps only.
  navigator.setAppBadge?.(mentions).catch(() => {});
}
