import { useEffect } from "react";
import { useUnreadTitle } from "./unread.ts";

/** Sets the document title, for example "(3) general — Miscord". Each page calls it once. */
export function usePageTitle(title: string | null): void {
  const unread = useUnreadTitle();
  useEffect(() => {
    document.title = unread + (title ? `${title} — Miscord` : "Miscord");
  }, [unread, title]);
}
