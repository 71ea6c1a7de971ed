import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

/**
 * Text covered until it is pressed. Covered text is hidden from screen readers and from the browser's text search too.
 */
export function Spoiler({ children, covered }: { children: ReactNode; covered: string }) {
  const [revealed, setRevealed] = useState(false);
  if (revealed) return <span className="rounded-sm bg-active px-0.5">{children}</span>;
  return (
    <Cover className="px-0.5 align-baseline text-transparent" onReveal={() => setRevealed(true)}>
      <span aria-hidden className="invisible whitespace-pre-wrap">
        {covered}
      </span>
    </Cover>
  );
}

/** Covers whole blocks. Covered, it shows nothing of their size or kind. */
export function BlockSpoiler({ children }: { children: ReactNode }) {
  const [revealed, setRevealed] = useState(false);
  if (revealed) return <div className="flex flex-col gap-1.5 rounded-sm bg-active px-1 py-0.5">{children}</div>;
  return <Cover className="h-6 w-40 max-w-full" onReveal={() => setRevealed(true)} />;
}

interface CoverProps {
  className: string;
  onReveal: () => void;
  children?: ReactNode;
}

function Cover({ className, onReveal, children }: CoverProps) {
  const { t } = useTranslation("chat");
  return (
    <button
      type="button"
      aria-label={t("spoiler")}
      title={t("spoiler")}
      onClick={onReveal}
      className={`rounded-sm bg-line-strong transition-colors select-none hover:bg-offline ${className}`}
    >
      {children}
    </button>
  );
}
