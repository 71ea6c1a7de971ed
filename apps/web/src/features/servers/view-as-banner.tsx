import { Eye } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useRouteIds } from "../../core/route-ids.ts";
import { stopViewing, useViewed, useViewedName } from "../../core/view-as.ts";
import { Button } from "../../ui/button.tsx";

/** Above everything while the user looks at the open server with somebody else's eyes. */
export function ViewAsBanner() {
  const { t } = useTranslation("rights");
  const { serverId } = useRouteIds();
  const viewed = useViewed(serverId ?? 0);
  const name = useViewedName(viewed);
  return (
    <div role="status">
      {viewed && (
        <div className="flex items-center gap-2.5 bg-accent-soft px-4 py-1.5 text-sm pt-[max(0.375rem,env(safe-area-inset-top))]">
          <Eye size={16} aria-hidden className="shrink-0 text-link" />
          <span className="min-w-0 flex-1 truncate">
            {t(viewed.kind === "role" ? "viewAs.role" : "viewAs.member", { name })}
          </span>
          <Button size="sm" onClick={stopViewing}>
            {t("viewAs.stop")}
          </Button>
        </div>
      )}
    </div>
  );
}
