import { Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClientState } from "../../core/client.ts";
import { openDialog } from "../../core/dialog-store.ts";
import { serverLanding } from "../../core/last-visited.ts";
import { paths } from "../../core/paths.ts";
import { useRouteIds } from "../../core/route-ids.ts";
import { Badge } from "../../ui/badge.tsx";
import { cx } from "../../ui/cx.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { LogoMark } from "../../ui/logo.tsx";
import { Tooltip } from "../../ui/tooltip.tsx";
import { VisuallyHidden } from "../../ui/visually-hidden.tsx";
import { isServerMuted, isServerUnread, serverMentions } from "../../core/unread.ts";
import { waitingAtHome } from "../people/requests.ts";
import { ServerTile } from "./server-tile.tsx";

/** The first pane: a tile for each server. */
export function ServerRail() {
  const { t } = useTranslation("servers");
  const serverIds = useClientState((state) => state.serverIds);
  return (
    <nav aria-label={t("rail")} className="flex w-16 shrink-0 flex-col items-center border-r border-line">
      <HomeTile />
      <ul className="flex min-h-0 flex-col items-center gap-2 self-stretch overflow-y-auto py-2 [scrollbar-width:none]">
        {serverIds.map((serverId) => (
          <RailServer key={serverId} serverId={serverId} />
        ))}
      </ul>
      <IconButton
        size="lg"
        label={t("add.open")}
        icon={<Plus size={20} />}
        tooltipSide="right"
        onClick={() => openDialog({ kind: "add-server" })}
        className="my-1 rounded-lg! border border-dashed border-line-strong"
      />
    </nav>
  );
}

/** The way to private conversations and friends, with what waits there. */
function HomeTile() {
  const { t } = useTranslation("people");
  const { isHome } = useRouteIds();
  const waiting = useClientState(waitingAtHome);
  return (
    <div className="relative flex h-14 shrink-0 items-center self-stretch justify-center">
      <span
        aria-hidden
        className={cx(
          "absolute left-0 top-1/2 w-1 -translate-y-1/2 rounded-r-full bg-mark transition-[height]",
          isHome ? "h-9" : "h-0",
        )}
      />
      <Tooltip label={t("home")} side="right">
        <Link
          href={paths.dms}
          aria-current={isHome ? "true" : undefined}
          className={cx(
            "flex size-11 items-center justify-center rounded-lg transition-colors hover:bg-hover",
            isHome && "bg-active",
          )}
        >
          <LogoMark size={27} />
          <VisuallyHidden>{t("home")}</VisuallyHidden>
        </Link>
      </Tooltip>
      {waiting > 0 && (
        <span className="pointer-events-none absolute bottom-0.5 right-1 flex rounded-full bg-sunken p-0.5">
          <Badge count={waiting} label={t("unread", { count: waiting })} />
        </span>
      )}
    </div>
  );
}

function RailServer({ serverId }: { serverId: number }) {
  const { t } = useTranslation(["servers", "notifications"]);
  const active = useRouteIds().serverId === serverId;
  const name = useClientState((state) => state.servers[serverId]?.name ?? "");
  const iconUrl = useClientState((state) => state.servers[serverId]?.icon_url ?? null);
  const landing = useClientState((state) => serverLanding(state, serverId));
  const unread = useClientState((state) => isServerUnread(state, serverId));
  const isMuted = useClientState((state) => isServerMuted(state, serverId));
  const mentions = useClientState((state) => serverMentions(state, serverId));
  return (
    <li className="group/server relative flex self-stretch justify-center">
      <span
        aria-hidden
        className={cx(
          "absolute left-0 top-1/2 w-1 -translate-y-1/2 rounded-r-full transition-[height]",
          active ? "h-9 bg-mark" : "h-0 bg-muted group-hover/server:h-4",
        )}
      />
      <Tooltip label={name} side="right">
        <Link
          href={landing}
          aria-current={active ? "true" : undefined}
          className={cx(
            "relative block rounded-lg",
            active ? "brightness-115" : "transition-opacity hover:opacity-100",
            !active && (isMuted ? "opacity-45" : "opacity-80"),
          )}
        >
          <ServerTile id={serverId} name={name} iconUrl={iconUrl} />
          <VisuallyHidden>
            {name}
            {unread && ` (${t("channels.unread")})`}
            {isMuted && ` (${t("notifications:mute.mark")})`}
          </VisuallyHidden>
        </Link>
      </Tooltip>
      {mentions > 0 ? (
        <span className="pointer-events-none absolute -bottom-1 right-1 flex rounded-full bg-sunken p-0.5">
          <Badge count={mentions} label={t("channels.mentions", { count: mentions })} />
        </span>
      ) : (
        unread &&
        !active && <span className="absolute right-2 -top-0.5 size-3 rounded-full border-2 border-sunken bg-mark" />
      )}
    </li>
  );
}
