import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "../../ui/cx.ts";

const pillClass =
  "animate-rise absolute left-1/2 z-20 flex h-8 max-w-[calc(100%-2rem)] -translate-x-1/2 items-center gap-1.5 rounded-full px-3.5 text-sm font-medium shadow-overlay transition-colors";

/** Back down. Says how many messages have come meanwhile. */
export function PresentButton({ arrived, onClick }: { arrived: number; onClick: () => void }) {
  const { t } = useTranslation("chat");
  return (
    <Pill
      className={cx("bottom-3", arrived > 0 ? "bg-accent text-on-accent hover:bg-accent-hover" : quiet)}
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
    <Pill className={cx("top-3", quiet)} onClick={onClick}>
      <span className="truncate">{t("list.jumpToNew")}</span>
      <ArrowUp size={16} aria-hidden className="shrink-0" />
    </Pill>
  );
}

const quiet = "bg-overlay text-ink hover:bg-raised";

function Pill({ className, onClick, children }: { className: string; onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" onClick={onClick} className={cx(pillClass, className)}>
      {children}
    </button>
  );
}
