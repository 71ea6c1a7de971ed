import type { ReactNode } from "react";
import { usePhone } from "../ui/use-media-query.ts";
import { ConnectionBanner } from "./connection-banner.tsx";
import { PaneHeader } from "./pane-header.tsx";
import { navigationButtonPlace } from "./navigation-button.tsx";

/** The main landmark of a page: a header with a title and buttons, content below it. */
export function MainPane({ title, buttons, children }: { title: ReactNode; buttons?: ReactNode; children: ReactNode }) {
  const phone = usePhone();
  return (
    <main id="main" tabIndex={-1} className="relative flex min-w-0 flex-1 flex-col bg-surface outline-none">
      <PaneHeader>
        {phone && <span aria-hidden className={navigationButtonPlace} />}
        <div className="min-w-0 flex-1">{title}</div>
        {buttons}
      </PaneHeader>
      <ConnectionBanner />
      {children}
    </main>
  );
}
