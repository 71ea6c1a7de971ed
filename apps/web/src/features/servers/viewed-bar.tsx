import { Eye } from "lucide-react";
import { useTranslation } from "react-i18next";
import { stopViewing, useViewedName, type Viewed } from "../../core/view-as.ts";
import { Button } from "../../ui/button.tsx";

/** Says with whose eyes the user looks at the server, and ends it. */
export function ViewedBar({ viewed }: { viewed: Viewed }) {
  const { t } = useTranslation("rights");
  const name = useViewedName(viewed);
  return (
    <div className="flex items-center gap-2.5 bg-accent-soft px-4 py-1.5 text-sm pt-[max(0.375rem,env(safe-area-inset-top))]">
      <Eye size={16} aria-hidden className="shrink-0 text-link" />
      <span className="min-w-0 flex-1 truncate">
        {t(viewed.kind === "role" ? "viewAs.role" : "viewAs.member", { name })}
      </span>
      <Button size="sm" onClick={stopViewing}>
        {t("viewAs.stop")}
      </Button>
    </div>
  );
}
