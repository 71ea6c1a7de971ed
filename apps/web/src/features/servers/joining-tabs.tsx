import { Compass, ListChecks } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { LazyPart } from "../../core/lazy-part.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";
import { Skeleton } from "../../ui/skeleton.tsx";
import type { Tab } from "../../ui/tabs.tsx";
import { ListingPanel } from "./discovery/listing-panel.tsx";
import { useServerTabs } from "./use-server-tabs.ts";

const OnboardingPanel = lazyWithTexts(async () => (await import("./onboarding/onboarding-panel.tsx")).OnboardingPanel);

/** The sections of the server's settings about who finds it and what newcomers meet. */
export function useJoiningTabs(serverId: number): readonly Tab[] {
  const { t } = useTranslation(["onboarding", "discovery"]);
  const can = useServerTabs(serverId);
  const hasDiscovery = useClientState(({ instance }) => instance?.discovery === "on");
  const onboarding = {
    id: "onboarding",
    label: t("onboarding:tab"),
    icon: <ListChecks size={16} aria-hidden />,
    content: (
      <LazyPart loading={<Skeleton className="h-10 rounded-md" />}>
        <OnboardingPanel serverId={serverId} />
      </LazyPart>
    ),
  };
  const listing = {
    id: "discovery",
    label: t("discovery:tab"),
    icon: <Compass size={16} aria-hidden />,
    content: <ListingPanel serverId={serverId} />,
  };
  return [...(can.overview ? [onboarding] : []), ...(can.overview && hasDiscovery ? [listing] : [])];
}
