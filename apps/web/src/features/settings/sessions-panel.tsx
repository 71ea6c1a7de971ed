import { securityCalls } from "@miscord/client";
import { describeUserAgent, type SessionInfo } from "@miscord/protocol";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { ListPanel } from "../../layout/list-panel.tsx";
import { useAction } from "../../core/use-action.ts";
import { useLoaded } from "../../core/use-loaded.ts";
import { useRelativeTime } from "../../i18n/time-texts.ts";
import { Button } from "../../ui/button.tsx";

export function SessionsPanel() {
  const { t } = useTranslation("settings");
  const client = useClient();
  const { loaded, reload } = useLoaded(useCallback(() => securityCalls(client.rest).listSessions(), [client]));
  return (
    <ListPanel
      title={t("tab.sessions")}
      loaded={loaded}
      empty={t("sessions.none")}
      onRetry={reload}
      keyOf={(session) => session.id}
      renderItem={(session) => <SessionItem session={session} onRevoked={reload} />}
    />
  );
}

function SessionItem({ session, onRevoked }: { session: SessionInfo; onRevoked: () => void }) {
  const { t } = useTranslation("settings");
  const client = useClient();
  const lastUsed = useRelativeTime(session.last_used_at);
  const { busy, run } = useAction();
  const device = describeUserAgent(session.user_agent) || t("sessions.unknown");
  const revoke = async () => {
    if (await run(() => securityCalls(client.rest).revokeSession(session.id))) onRevoked();
  };
  return (
    <>
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm font-medium">{device}</p>
        <p className="text-sm text-faint">
          {session.address && `${session.address} · `}
          {session.is_current ? (
            <span className="font-medium text-success-ink">{t("sessions.current")}</span>
          ) : (
            t("sessions.used", { when: lastUsed })
          )}
        </p>
      </div>
      {!session.is_current && (
        <Button size="sm" busy={busy} onClick={() => void revoke()} aria-label={t("sessions.revokeOf", { device })}>
          {t("sessions.revoke")}
        </Button>
      )}
    </>
  );
}
