import { Flag, ShieldAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Tab } from "../../ui/tabs.tsx";
import { ReportsPanel } from "../reports/reports-panel.tsx";
import { RaidPanel } from "./raid/raid-panel.tsx";

/** The sections of the server's settings for those who may time members out. */
export function useSafetyTabs(serverId: number): readonly Tab[] {
  const { t } = useTranslation("moderation");
  return [
    {
      id: "reports",
      label: t("reports.title"),
      icon: <Flag size={16} aria-hidden />,
      content: <ReportsPanel serverId={serverId} />,
    },
    {
      id: "raid",
      label: t("raid.title"),
      icon: <ShieldAlert size={16} aria-hidden />,
      content: <RaidPanel serverId={serverId} />,
    },
  ];
}
