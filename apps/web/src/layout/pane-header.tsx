import type { ReactNode } from "react";

/** The header of a pane. All pane headers have the same height. */
export function PaneHeader({ children }: { children: ReactNode }) {
  return <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line px-3">{children}</header>;
}
