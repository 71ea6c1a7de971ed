import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "../../../ui/cx.ts";

const pillClass =
  "animate-rise absolute left-1/2 flex h-8 max-w-[calc(100%-2rem)] -translate-x-1/2 items-center gap-1.5 rounded-full px-3.5 text-sm font-medium shadow-overlay transition-colors";

/** Jumps to the newest message and shows how many have arrived since the reader scrolled away. */
export function PresentButton({ arrived, onClick }: { arrived: number; onClick: () => void }) {
  const { t } = useTranslation("chat");
  return (
    <Pill
      edge="bottom"
      className={arrived > 0 ? "bg-accent text-on-accent hover:bg-accent-hover" : quiet}
      onClick={onClick}
    >
      <span className="truncate">
        {arrived > 0 && `${t("list.arrived", { count: arrived })} · `}
        {t("list.present")}
      </span>
      <ArrowDown size={16} aria-hidden className="shrink-0" />
    </Pill>
  );
}

export function FirstNewButton({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation("chat");
  return (
    <Pill edge="top" className={quiet} onClick={onClick}>
      <span className="truncate">{t("list.jumpToNew")}</span>
      <ArrowUp size={16} aria-hidden className="shrink-0" />
    </Pill>
  );
}

const quiet = "bg-overlay text-ink hover:bg-raised";

interface PillProps {
  edge: "top" | "bottom";
  className: string;
  onClick: () => void;
  children: ReactNode;
}

/** Sticks to an edge inside the scrolled element, so that the mouse wheel scrolls the list above the button too. */
function Pill({ edge, className, onClick, children }: PillProps) {
  const isTop = edge === "top";
  return (
    <div className={cx("sticky z-20 h-0 shrink-0", isTop ? "top-0" : "bottom-0")}>
      <button type="button" onClick={onClick} className={cx(pillClass, isTop ? "top-3" : "bottom-3", className)}>
        {children}
      </button>
    </div>
  );
}
