import { useId, type ReactNode } from "react";

/** A scrollable list below the graphs. */
export function Panel({ title, empty, children }: { title: string; empty: string | false; children: ReactNode }) {
  const titleId = useId();
  return (
    <div className="flex min-w-0 flex-col rounded-lg border border-line bg-raised">
      <h3 id={titleId} className="px-3.5 pt-2.5 text-sm font-semibold">
        {title}
      </h3>
      {empty ? (
        <p className="px-3.5 pb-3 pt-1 text-sm text-faint">{empty}</p>
      ) : (
        <div
          role="region"
          aria-labelledby={titleId}
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrollable region must be reachable by keyboard
          tabIndex={0}
          className="focus-inset max-h-72 overflow-auto px-3.5 pb-2 text-sm"
        >
          {children}
        </div>
      )}
    </div>
  );
}
