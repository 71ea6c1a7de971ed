import { CloudOff, RefreshCw } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { useClient, useClientState } from "../client.ts";
import { useElapsed } from "../use-elapsed.ts";
import { connectionNotice } from "./connection-notice.ts";

/** Most cuts mend themselves sooner; saying so would only flicker. */
const delayMs = 1_500;

function subscribeOnline(onChange: () => void): () => void {
  addEventListener("online", onChange);
  addEventListener("offline", onChange);
  return () => {
    removeEventListener("online", onChange);
    removeEventListener("offline", onChange);
  };
}

/** Floats over the top of the conversation, so that nothing moves when it comes and goes. */
export function ConnectionBanner() {
  const { t } = useTranslation("common");
  const client = useClient();
  const isOnline = useSyncExternalStore(subscribeOnline, () => navigator.onLine);
  const notice = useClientState((state) => connectionNotice(state.connection, isOnline));
  const visible = useElapsed(delayMs, notice !== null);
  return (
    <div role="status" className="pointer-events-none absolute inset-x-0 top-14 z-20 flex justify-center px-3">
      {visible && notice && (
        <div className="animate-rise pointer-events-auto flex items-center gap-2.5 rounded-lg bg-overlay py-1.5 pl-3 pr-1.5 text-sm shadow-overlay">
          <CloudOff size={16} aria-hidden className="shrink-0 text-link" />
          <span>{t(`connection.${notice}`)}</span>
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
