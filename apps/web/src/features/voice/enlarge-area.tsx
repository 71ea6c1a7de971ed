import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

export interface Enlarging {
  isEnlarged: boolean;
  /** Makes it the large one of the stage, or one of many again. */
  onToggle: () => void;
}

interface EnlargeAreaProps {
  /** What the picture shows. */
  name: string;
  enlarging: Enlarging;
  children: ReactNode;
}

/** A picture that a click or the keyboard enlarges. */
export function EnlargeArea({ name, enlarging: { isEnlarged, onToggle }, children }: EnlargeAreaProps) {
  const { t } = useTranslation("voice");
  return (
    <button
      type="button"
      aria-pressed={isEnlarged}
      aria-label={isEnlarged ? t("tile.shrink", { name }) : t("tile.enlarge", { name })}
      className={`focus-inset block size-full ${isEnlarged ? "cursor-zoom-out" : "cursor-zoom-in"}`}
      onClick={onToggle}
      onKeyDown={({ key }) => {
        if (key === "Escape" && isEnlarged) onToggle();
      }}
    >
      {children}
    </button>
  );
}
