import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";

interface HiddenItemProps {
  className?: string;
  onReveal: () => void;
  onKeyDown?: (event: KeyboardEvent<HTMLElement>) => void;
}

/** In a list of found or pinned messages, in place of one of somebody whom the user has blocked. */
export function HiddenItem({ className = "", onReveal, onKeyDown }: HiddenItemProps) {
  const { t } = useTranslation("people");
  return (
    <li className={`flex flex-wrap items-center gap-x-2 text-sm text-muted ${className}`}>
      {t("hidden")}
      <button
        type="button"
        data-search-hit={onKeyDown && ""}
        onKeyDown={onKeyDown}
        onClick={onReveal}
        className="rounded-sm font-medium text-link underline-offset-2 hover:underline"
      >
        {t("reveal")}
      </button>
    </li>
  );
}
