import { useEffect } from "react";
import { useUnreadTitle } from "../features/notifications/unread-title.ts";

/** "(3) general — Miscord". Used once a page, by the page. */
export function usePageTitle(title: string | null): void {
  const unread = useUnreadTitle();
  useEffect(() => {
    document.title = unread + (title ? `${title} — Miscord` : "Miscord");
  }, [unread, title]);
}
