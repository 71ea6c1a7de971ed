import { useEffect } from "react";
import { useUnreadTitle } from "./unread.ts";

let shown = "Miscord";
let instead: string | null = null;

function show(): void {
  document.title = instead ?? shown;
}

/** Shows this in place of the page's title until it is called with null: somebody is calling. */
export function overrideTitle(title: string | null): void {
  instead = title;
  show();
}

/** Sets the document title, for example "(3) general — Miscord". Each page calls it once. */
export function usePageTitle(title: string | null): void {
  const unread = useUnreadTitle();
  useEffect(() => {
    shown = unread + (title ? `${title} — Miscord` : "Miscord");
    show();
  }, [unread, title]);
}
