import type { MouseEvent } from "react";
import { openDialog } from "../../core/dialog-store.ts";

/** For a link whose words do not show its address: a press shows the address first. */
export function warning(href: string) {
  const onClick = (event: MouseEvent) => {
    // The other buttons open a new tab, and the browser's menu.
    if (event.button > 1) return;
    event.preventDefault();
    openDialog({ kind: "leave", href });
  };
  return { onClick, onAuxClick: onClick };
}
