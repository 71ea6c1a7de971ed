import type { ReactNode } from "react";

/** The key of shortcuts, as this keyboard has it. */
export const commandKey = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";

export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="rounded-sm border border-line-strong px-1 font-sans text-2xs font-medium text-muted">
      {children}
    </kbd>
  );
}
