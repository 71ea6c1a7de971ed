import { Ban, Link2, SlidersHorizontal, Users } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { BansPanel } from "./bans-panel.tsx";
import { InvitesPanel } from "./invites-panel.tsx";
import { MembersPanel } from "./members-panel.tsx";
import { OverviewPanel } from "./overview-panel.tsx";

export function ServerSettingsDialog({ serverId, onClose }: { serverId: number; onClose: () => void }) {
  const { t } = useTranslation("servers");
  const name = useClientState((state) => state.servers[serverId]?.name ?? "");
  const [tab, setTab] = useState("overview");
  const tabs = [
    {
      id: "overview",
      label: t("settings.overview"),
      icon: <SlidersHorizontal size={16} aria-hidden />,
      content: <OverviewPanel serverId={serverId} onDeleted={onClose} />,
    },
    {
      id: "members",
      label: t("members.title"),
      icon: <Users size={16} aria-hidden />,
      content: <MembersPanel serverId={serverId} />,
    },
    {
      id: "invites",
      label: t("settings.invites"),
      icon: <Link2 size={16} aria-hidden />,
      content: <InvitesPanel serverId={serverId} />,
    },
    {
      id: "bans",
      label: t("settings.bans"),
      icon: <Ban size={16} aria-hidden />,
      content: <BansPanel serverId={serverId} />,
    },
  ];
  return (
    <Dialog bare open size="lg" onOpenChange={onClose} title={t("settings.title", { server: name })}>
      <div className="flex h-[70dvh] min-h-0 flex-col md:h-130">
        <Tabs vertical tabs={tabs} label={t("settings.sections")} value={tab} onChange={setTab} />
      </div>
    </Dialog>
  );
}
