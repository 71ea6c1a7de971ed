import { useTranslation } from "react-i18next";

interface HiddenRowProps {
  messageId: number;
  isActive: boolean;
  onReveal: () => void;
}

/** In place of a message of somebody whom the user has blocked. */
export function HiddenRow({ messageId, isActive, onReveal }: HiddenRowProps) {
  const { t } = useTranslation("people");
  return (
    <article
      data-message={messageId}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- arrow keys move between messages
      tabIndex={isActive ? 0 : -1}
      aria-label={t("hidden")}
      className="focus-inset flex items-center gap-2 py-0.5 pl-17 pr-4 text-sm text-faint"
    >
      {t("hidden")}
      <button
        type="button"
        tabIndex={isActive ? 0 : -1}
        onClick={onReveal}
        className="rounded-sm font-medium text-link underline-offset-2 hover:underline"
      >
        {t("reveal")}
      </button>
    </article>
  );
}
