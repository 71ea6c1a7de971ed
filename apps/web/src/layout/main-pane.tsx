import { Menu } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../ui/icon-button.tsx";
import { usePhone } from "../ui/use-media-query.ts";
import { ConnectionBanner } from "./connection-banner.tsx";
import { PaneHeader } from "./pane-header.tsx";
import { setNavOpen } from "./panes.ts";

/** The main landmark of a page: a header with a title and buttons, content below it. */
export function MainPane({ title, buttons, children }: { title: ReactNode; buttons?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation("common");
  const phone = usePhone();
  return (
    <main id="main" tabIndex={-1} className="relative flex min-w-0 flex-1 flex-col bg-surface outline-none">
      <PaneHeader>
        {phone && (
          <IconButton
            label={t("nav.open")}
            icon={<Menu size={20} />}
            tooltipSide="bottom"
            className="-ml-1.5"
            onClick={() => setNavOpen(true)}
          />
        )}
        <div className="min-w-0 flex-1">{title}</div>
        {buttons}
      </PaneHeader>
      <ConnectionBanner />
      {children}
    </main>
  );
}
