import { useEffect, useLayoutEffect } from "react";
import { useTranslation } from "react-i18next";
import { Redirect, useLocation } from "wouter";
import { ChannelSidebar } from "./channel-sidebar.tsx";
import { NotificationListener } from "../features/notifications/notification-listener.tsx";
import { VoiceListener } from "../features/voice/voice-listener.tsx";
import { ViewAsBanner } from "../features/servers/view-as-banner.tsx";
import { ServerRail } from "../features/servers/server-rail.tsx";
import { useClientState } from "../core/client.ts";
import { homeLanding } from "../core/last-visited.ts";
import { incidentIdOf, paths } from "../core/paths.ts";
import { useRouteIds } from "../core/route-ids.ts";
import { hasShared } from "../core/shared-cache.ts";
import { usePhone } from "../ui/use-media-query.ts";
import { ChannelPage } from "./channel-page.tsx";
import { DialogHost } from "./dialog-host.tsx";
import { Drawer } from "../layout/drawer.tsx";
import { NotFoundPane } from "../layout/not-found-pane.tsx";
import { setMembersOpen, setNavOpen, usePanes } from "../layout/panes.ts";
import { RouteFocus } from "./route-focus.tsx";
import { Shortcuts } from "./shortcuts.tsx";
import { SkipLink } from "./skip-link.tsx";
import { useOnboarding } from "./use-onboarding.ts";
import { LazyPart } from "../core/lazy-part.tsx";
import { useLater } from "../core/use-later.ts";
import { MainPane } from "../layout/main-pane.tsx";
import { NavigationButton } from "../layout/navigation-button.tsx";
import { lazyInBackground, lazyWithTexts } from "../i18n/lazy-with-texts.ts";

/** Loaded apart from the page's first code. */
const DmsPage = lazyWithTexts(async () => (await import("./dms-page.tsx")).DmsPage);
const MonitorRoute = lazyWithTexts(async () => (await import("../features/monitor/monitor-route.tsx")).MonitorRoute);
const NoServersPane = lazyWithTexts(async () => (await import("./no-servers-pane.tsx")).NoServersPane);
const Background = lazyInBackground(async () => (await import("./background.tsx")).Background);

const SharePage = lazyWithTexts(async () => (await import("./share-page.tsx")).SharePage);
const DiscoveryPage = lazyWithTexts(
  async () => (await import("../features/servers/discovery/discovery-page.tsx")).DiscoveryPage,
);
const AnnouncementBanner = lazyWithTexts(
  async () => (await import("../features/instance/announcement-banner.tsx")).AnnouncementBanner,
);
const KeepAccount = lazyWithTexts(async () => (await import("../features/settings/data/keep-account.tsx")).KeepAccount);

/** What goes on in the background begins this long after the first view. */
const backgroundMs = 3_000;

/** The frame of all pages for a logged-in user: servers, channels, conversation, members. */
export function Shell() {
  const [path, navigate] = useLocation();
  const phone = usePhone();
  const isTold = useClientState((state) => state.announcement !== null);
  const isLeaving = useClientState((state) => state.session.me?.deletion !== undefined);
  const isLater = useLater(backgroundMs);
  useOnboarding();
  // With the new page, not after it: what somebody opens on it at once would be closed again.
  useLayoutEffect(() => {
    setNavOpen(false);
    setMembersOpen(false);
  }, [path]);
  // What was shared while nobody could choose where it belongs, as without a network.
  useEffect(() => {
    hasShared().then(
      (waits) => waits && navigate(paths.share),
      () => {},
    );
  }, [navigate]);
  return (
    <div className="flex h-full flex-col">
      <SkipLink />
      <ViewAsBanner />
      {isTold && (
        <LazyPart loading={null} failed={null}>
          <AnnouncementBanner />
        </LazyPart>
      )}
      <div className="relative flex min-h-0 flex-1">
        {phone ? <NavigationDrawer /> : <Navigation />}
        {phone && <NavigationButton />}
        <Main />
      </div>
      <RouteFocus />
      <Shortcuts />
      <NotificationListener />
      {isLater && (
        <LazyPart loading={null} failed={null}>
          <Background />
        </LazyPart>
      )}
      <VoiceListener />
      <DialogHost />
      {isLeaving && (
        <LazyPart loading={null} failed={null}>
          <KeepAccount />
        </LazyPart>
      )}
    </div>
  );
}

function Navigation() {
  return (
    <div className="flex min-w-0 flex-1 bg-sunken md:flex-none md:pb-[env(safe-area-inset-bottom)]">
      <ServerRail />
      <ChannelSidebar />
    </div>
  );
}

function NavigationDrawer() {
  const { t } = useTranslation("common");
  const open = usePanes((panes) => panes.navOpen);
  return (
    <Drawer open={open} onOpenChange={setNavOpen} label={t("nav.pane")} side="left">
      <Navigation />
    </Drawer>
  );
}

function Main() {
  const [path] = useLocation();
  const ready = useClientState((state) => state.connection.ready || state.serverIds.length > 0);
  const landing = useClientState(homeLanding);
  const { serverId, isHome } = useRouteIds();
  if (isHome) {
    return (
      <LazyPart loading={<MainPane title={null}>{null}</MainPane>}>
        <DmsPage />
      </LazyPart>
    );
  }
  if (path === paths.share) {
    return (
      <LazyPart loading={<MainPane title={null}>{null}</MainPane>}>
        <SharePage />
      </LazyPart>
    );
  }
  if (path === paths.discover) {
    return (
      <LazyPart loading={<MainPane title={null}>{null}</MainPane>}>
        <DiscoveryPage />
      </LazyPart>
    );
  }
  if (path === paths.home) {
    if (landing) return <Redirect to={landing} replace />;
    if (!ready) return <ChannelPage />;
    return (
      <LazyPart>
        <NoServersPane />
      </LazyPart>
    );
  }
  const incidentId = incidentIdOf(path);
  if (path === paths.monitor || path === paths.instance || incidentId !== null)
    return (
      <LazyPart loading={<MainPane title={null}>{null}</MainPane>}>
        <MonitorRoute path={path} incidentId={incidentId} />
      </LazyPart>
    );
  return serverId === null ? <NotFoundPane /> : <ChannelPage />;
}
