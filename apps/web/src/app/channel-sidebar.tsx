import { accessFacts } from "@miscord/client";
import { useTranslation } from "react-i18next";
import { useClientState } from "../core/client.ts";
import { PaneHeader } from "../layout/pane-header.tsx";
import { useRouteIds } from "../core/route-ids.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { ServerMenu } from "../features/servers/server-menu.tsx";
import { UserPanel } from "./user-panel.tsx";
import { CallDock } from "../features/voice/call-dock.tsx";
import { ChannelList } from "../features/channels/channel-list.tsx";
import { LazyPart } from "../core/lazy-part.tsx";
import { lazyWithTexts } from "../i18n/lazy-with-texts.ts";

const FactorNotice = lazyWithTexts(
  async () => (await import("../features/settings/security/factor-notice.tsx")).FactorNotice,
);
const DmList = lazyWithTexts(async () => (await import("../features/people/dm-list.tsx")).DmList);

/** The second pane: the server's name and menu, its channels, and the current user at the bottom. */
export function ChannelSidebar() {
  const { t } = useTranslation(["servers", "common"]);
  const { serverId, isHome } = useRouteIds();
  const server = useClientState((state) => (serverId === null ? undefined : state.servers[serverId]));
  const isResting = useClientState((state) => (accessFacts(state, serverId)?.resting ?? 0) !== 0);
  const hasServers = useClientState((state) => state.serverIds.length > 0);
  const loading = useClientState((state) => !state.connection.ready);
  return (
    <section
      aria-label={t("common:nav.sidebar")}
      className="flex min-w-0 flex-1 flex-col border-r border-line md:w-60 md:flex-none"
    >
      {isHome ? (
        <LazyPart loading={<ListOutline />}>
          <DmList />
        </LazyPart>
      ) : server ? (
        <>
          <ServerMenu serverId={server.id} />
          {isResting && (
            <LazyPart loading={null} failed={null}>
              <FactorNotice />
            </LazyPart>
          )}
          <ChannelList serverId={server.id} />
        </>
      ) : (
        <>
          <PaneHeader>
            {loading ? <Skeleton className="h-4 w-32" /> : <p className="pl-1 font-semibold">Miscord</p>}
          </PaneHeader>
          <div className="flex-1 px-4 py-4">
            {loading && <ChannelSkeleton />}
            {!loading && !hasServers && <p className="text-sm text-faint">{t("none.sidebar")}</p>}
          </div>
        </>
      )}
      <CallDock />
      <UserPanel />
    </section>
  );
}

function ListOutline() {
  return (
    <>
      <PaneHeader>
        <Skeleton className="h-4 w-32" />
      </PaneHeader>
      <div className="flex-1 px-4 py-4">
        <ChannelSkeleton />
      </div>
    </>
  );
}

function ChannelSkeleton() {
  return (
    <div className="flex flex-col gap-4">
      {["w-24", "w-32", "w-20", "w-28"].map((width) => (
        <Skeleton key={width} className={`h-3.5 ${width}`} />
      ))}
    </div>
  );
}
