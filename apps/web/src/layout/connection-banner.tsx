import { CloudOff, RefreshCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/button.tsx";
import { useClient } from "../core/client.ts";
import { useConnectionProblem } from "./connection-problem.ts";

/** Floats over the top of the conversation, so that the page does not move when the banner appears or disappears. */
export function ConnectionBanner() {
  const { t } = useTranslation("common");
  const client = useClient();
  const problem = useConnectionProblem();
  return (
    <div role="status" className="pointer-events-none absolute inset-x-0 top-14 z-20 flex justify-center px-3">
      {problem && (
        <div className="animate-rise pointer-events-auto flex items-center gap-2.5 rounded-lg bg-overlay py-1.5 pl-3 pr-1.5 text-sm shadow-overlay">
          <CloudOff size={16} aria-hidden className="shrink-0 text-link" />
          <span>{t(`connection.${problem}`)}</span>
          <Button
            size="sm"
            icon={<RefreshCw size={14} aria-hidden />}
            onClick={() => client.reconnect({ force: true })}
          >
            {t("connection.reconnectNow")}
          </Button>
        </div>
      )}
    </div>
  );
}
