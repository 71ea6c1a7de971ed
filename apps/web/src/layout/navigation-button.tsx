import { Menu } from "lucide-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../ui/icon-button.tsx";
import { setNavOpen } from "./panes.ts";

/** What the header of a page leaves free for the button. */
export const navigationButtonPlace = "-ml-1.5 w-9 shrink-0";

/**
 * Opens the navigation of a phone. It is shown over the header of a page and is no part of it: a page takes the place of its outline,
 * and a press that began on a button that is gone would do nothing.
 */
export function NavigationButton() {
  const { t } = useTranslation("common");
  return (
    <nav aria-label={t("nav.open")} className="absolute top-1.5 left-1.5 z-10">
      <IconButton
        label={t("nav.open")}
        icon={<Menu size={20} />}
        tooltipSide="bottom"
        onClick={() => setNavOpen(true)}
      />
    </nav>
  );
}
