import { Ban, Bot, Flag, Hourglass, KeyRound, ShieldAlert, UserCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { LazyPart } from "../../core/lazy-part.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";
import { Skeleton } from "../../ui/skeleton.tsx";
import type { Tab } from "../../ui/tabs.tsx";
import { ReportsPanel } from "../reports/reports-panel.tsx";
import { BansPanel } from "./bans-panel.tsx";
import { FactorPanel } from "./factor-panel.tsx";
import { RaidPanel } from "./raid/raid-panel.tsx";
import { RetentionPanel } from "./retention-panel.tsx";
import { VerificationPanel } from "./verification-panel.tsx";
import { useServerTabs } from "./use-server-tabs.ts";

const AutomodPanel = lazyWithTexts(async () => (await import("./automod/automod-panel.tsx")).AutomodPanel);

/** The sections of the server's settings that keep people out or messages away, and about what moderators need. */
export function useSafetyTabs(serverId: number): readonly Tab[] {
  const { t } = useTranslation(["servers", "moderation", "verification", "retention", "security"]);
  const can = useServerTabs(serverId);
  const automod = {
    id: "automod",
    label: "AutoMod",
    icon: <Bot size={16} aria-hidden />,
    content: (
      <LazyPart loading={<Skeleton className="h-10 rounded-md" />}>
        <AutomodPanel serverId={serverId} />
      </LazyPart>
    ),
  };
  const bans = {
    id: "bans",
    label: t("settings.bans"),
    icon: <Ban size={16} aria-hidden />,
    content: <BansPanel serverId={serverId} />,
  };
  const reports = {
    id: "reports",
    label: t("moderation:reports.title"),
    icon: <Flag size={16} aria-hidden />,
    content: <ReportsPanel serverId={serverId} />,
  };
  const raid = {
    id: "raid",
    label: t("moderation:raid.title"),
    icon: <ShieldAlert size={16} aria-hidden />,
    content: <RaidPanel serverId={serverId} />,
  };
  const verification = {
    id: "verification",
    label: t("verification:title"),
    icon: <UserCheck size={16} aria-hidden />,
    content: <VerificationPanel serverId={serverId} />,
  };
  const retention = {
    id: "retention",
    label: t("retention:title"),
    icon: <Hourglass size={16} aria-hidden />,
    content: <RetentionPanel serverId={serverId} />,
  };
  const factor = {
    id: "second-factor",
    label: t("security:required.tab"),
    icon: <KeyRound size={16} aria-hidden />,
    content: <FactorPanel serverId={serverId} />,
  };
  return [
    ...(can.overview ? [verification, automod] : []),
    ...(can.moderate ? [raid, reports] : []),
    ...(can.bans ? [bans] : []),
    ...(can.owner ? [factor] : []),
    ...(can.overview ? [retention] : []),
  ];
}
