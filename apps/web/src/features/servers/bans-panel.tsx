import { safetyCalls } from "@miscord/client";
import type { Ban } from "@miscord/protocol";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { ListPanel } from "../../layout/list-panel.tsx";
import { useAction } from "../../core/use-action.ts";
import { useLoaded } from "../../core/use-loaded.ts";
import { useFormat } from "../../i18n/format.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";

export function BansPanel({ serverId }: { serverId: number }) {
  const { t } = useTranslation("servers");
  const client = useClient();
  const { loaded, reload } = useLoaded(
    useCallback(() => safetyCalls(client.rest).listBans(serverId), [client, serverId]),
  );
  return (
    <ListPanel
      title={t("settings.bans")}
      loaded={loaded}
      empty={t("bans.none")}
      onRetry={reload}
      keyOf={(ban) => ban.user.id}
      renderItem={(ban) => <BanItem serverId={serverId} ban={ban} onLifted={reload} />}
    />
  );
}

function BanItem({ serverId, ban, onLifted }: { serverId: number; ban: Ban; onLifted: () => void }) {
  const { t } = useTranslation(["servers", "moderation"]);
  const client = useClient();
  const format = useFormat();
  const { busy, run } = useAction();
  const lift = async () => {
    if (await run(() => safetyCalls(client.rest).unbanMember(serverId, ban.user.id))) onLifted();
  };
  return (
    <>
      <Avatar user={ban.user} ground="overlay" />
      <div className="min-w-0 flex-1">
        <p dir="auto" className="truncate text-sm font-medium">
          {ban.user.display_name}
        </p>
        <p className="text-sm text-faint">
          {t("bans.by", { name: ban.banned_by.display_name, date: format.date(ban.banned_at) })}
          {ban.expires_at && ` · ${t("moderation:ban.until", { when: format.dateTime(ban.expires_at) })}`}
        </p>
        {ban.reason && (
          <p dir="auto" className="text-sm text-muted wrap-break-word">
            {ban.reason}
          </p>
        )}
      </div>
      <Button
        size="sm"
        busy={busy}
        onClick={() => void lift()}
        aria-label={t("bans.liftOf", { name: ban.user.display_name })}
      >
        {t("bans.lift")}
      </Button>
    </>
  );
}
