import type { Invite } from "@miscord/protocol";
import { Copy, Trash2 } from "lucide-react";
import { useCallback, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { ListPanel } from "../../layout/list-panel.tsx";
import { paths } from "../../core/paths.ts";
import { useAction } from "../../core/use-action.ts";
import { useCopy } from "../../core/use-copy.ts";
import { useLoaded } from "../../core/use-loaded.ts";
import { useRelativeTime } from "../../i18n/time-texts.ts";
import { IconButton } from "../../ui/icon-button.tsx";

export function InvitesPanel({ serverId }: { serverId: number }) {
  const { t } = useTranslation("servers");
  const client = useClient();
  const { loaded, reload } = useLoaded(useCallback(() => client.rest.listInvites(serverId), [client, serverId]));
  return (
    <ListPanel
      title={t("settings.invites")}
      loaded={loaded}
      empty={t("invites.none")}
      onRetry={reload}
      keyOf={(invite) => invite.code}
      renderItem={(invite) => <InviteItem invite={invite} onRevoked={reload} />}
    />
  );
}

/**
 * The user's own invites to the server, below the forms that make them; nothing while there are none. `latest` is the
 * code of the one made last.
 */
export function OwnInvites({ serverId, latest }: { serverId: number; latest: string | null }) {
  const { t } = useTranslation("servers");
  const client = useClient();
  const me = useClientState((state) => state.session.me?.id);
  const load = useCallback(async () => {
    const invites = await client.rest.listInvites(serverId);
    return invites.filter((invite) => invite.created_by.id === me);
  }, [client, serverId, me]);
  const { loaded, reload } = useLoaded(load);
  useEffect(() => {
    if (latest !== null) reload();
  }, [latest, reload]);
  if (loaded.status === "loading" || loaded.value?.length === 0) return null;
  return (
    <>
      <hr className="my-5 border-line" />
      <ListPanel
        title={t("invites.own")}
        loaded={loaded}
        empty={t("invites.none")}
        onRetry={reload}
        keyOf={(invite) => invite.code}
        renderItem={(invite) => <InviteItem invite={invite} onRevoked={reload} />}
      />
    </>
  );
}

function InviteItem({ invite, onRevoked }: { invite: Invite; onRevoked: () => void }) {
  const { t } = useTranslation("servers");
  const client = useClient();
  const copy = useCopy();
  const { run } = useAction();
  const revoke = async () => {
    if (await run(() => client.rest.revokeInvite(invite.code))) onRevoked();
  };
  const uses =
    invite.max_uses === null
      ? t("invites.used", { count: invite.uses })
      : t("invites.usedOf", { uses: invite.uses, limit: invite.max_uses });
  const when = useRelativeTime(invite.expires_at);
  const expiry = invite.expires_at ? t("invites.expires", { when }) : t("invites.neverExpires");
  return (
    <>
      <div className="min-w-0 flex-1">
        <p className="truncate font-mono text-sm">{invite.code}</p>
        <p className="text-sm text-faint">{[invite.created_by.display_name, uses, expiry].join(" · ")}</p>
      </div>
      <IconButton
        label={t("invites.copy", { code: invite.code })}
        icon={<Copy size={17} />}
        onClick={() => void copy(location.origin + paths.invite(invite.code))}
      />
      <IconButton
        danger
        label={t("invites.revoke", { code: invite.code })}
        icon={<Trash2 size={17} />}
        onClick={() => void revoke()}
      />
    </>
  );
}
