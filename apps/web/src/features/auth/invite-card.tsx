import type { InvitePreview } from "@miscord/protocol";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { useDescribeError } from "../../core/describe-error.ts";
import { inviteCodeOf } from "../../core/paths.ts";
import { useLoaded } from "../../core/use-loaded.ts";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { ServerTile } from "../servers/server-tile.tsx";

/** The invite code in the address that login and registration lead to; null when it is none of an invite. */
export function invitedBy(next: string | null): string | null {
  return next?.startsWith("/invite/") ? inviteCodeOf(next) : null;
}

/** The server that an invite leads to: its name, who invites, how many members. */
export function InviteCard({ preview }: { preview: InvitePreview }) {
  const { t } = useTranslation("auth");
  const { server, inviter } = preview;
  return (
    <div className="mb-5 flex items-center gap-4 rounded-lg bg-raised p-4">
      <ServerTile id={server.id} name={server.name} iconUrl={server.icon_url} size={56} />
      <div className="min-w-0">
        <h2 className="text-lg font-semibold wrap-break-word">{server.name}</h2>
        <p className="text-sm text-muted">{t("invite.from", { name: inviter.display_name })}</p>
        <p className="text-sm text-faint">{t("invite.members", { count: server.member_count })}</p>
      </div>
    </div>
  );
}

/** Above login and registration: the server that waits behind them. */
export function WaitingServer({ code }: { code: string }) {
  const client = useClient();
  const describe = useDescribeError();
  const { loaded } = useLoaded(useCallback(() => client.rest.previewInvite(code), [client, code]));
  if (loaded.status === "ready") return <InviteCard preview={loaded.value} />;
  if (loaded.status === "loading") return <InviteSkeleton />;
  return (
    <AlertBanner tone="danger" className="mb-5">
      {describe(loaded.error)}
    </AlertBanner>
  );
}

export function InviteSkeleton() {
  const { t } = useTranslation("common");
  return (
    <div role="status" aria-label={t("loading")} className="mb-5 flex items-center gap-4 rounded-lg bg-raised p-4">
      <Skeleton className="size-14 rounded-xl" />
      <div className="flex flex-col gap-2">
        <Skeleton className="h-4 w-40" />
        <Skeleton className="h-3.5 w-28" />
        <Skeleton className="h-3.5 w-24" />
      </div>
    </div>
  );
}
