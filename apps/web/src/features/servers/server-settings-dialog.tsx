import { Ban, Bot, Link2, ScrollText, ShieldCheck, SlidersHorizontal, Users } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { LazyPart } from "../../core/lazy-part.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { AuditPanel } from "./audit/audit-panel.tsx";
import { BansPanel } from "./bans-panel.tsx";
import { InvitesPanel } from "./invites-panel.tsx";
import { MembersPanel } from "./members-panel.tsx";
import { RolesPanel } from "./roles/roles-panel.tsx";
import { useServerTabs } from "./use-server-tabs.ts";
import { OverviewPanel } from "./overview-panel.tsx";

const AutomodPanel = lazyWithTexts(async () => (await import("./automod/automod-panel.tsx")).AutomodPanel);

export function ServerSettingsDialog({ serverId, onClose }: { serverId: number; onClose: () => void }) {
  const { t } = useTranslation("servers");
  const name = useClientState((state) => state.servers[serverId]?.name ?? "");
  const tabs = useTabs(serverId, onClose);
  const [tab, setTab] = useState(tabs[0]!.id);
  return (
    <Dialog bare open size="lg" onOpenChange={onClose} title={t("settings.title", { server: name })}>
      <div className="flex h-[70dvh] min-h-0 flex-col md:h-130">
        <Tabs
          vertical
          tabs={tabs}
          label={t("settings.sections")}
          value={tabs.some(({ id }) => id === tab) ? tab : tabs[0]!.id}
          onChange={setTab}
        />
      </div>
    </Dialog>
  );
}

/** The sections that the user may use. */
function useTabs(serverId: number, onClose: () => void) {
  const { t } = useTranslation(["servers", "rights", "moderation"]);
  const can = useServerTabs(serverId);
  return [
    can.overview && {
      id: "overview",
      label: t("settings.overview"),
      icon: <SlidersHorizontal size={16} aria-hidden />,
      content: <OverviewPanel serverId={serverId} onDeleted={onClose} />,
    },
    can.roles && {
      id: "roles",
      label: t("rights:roles.title"),
      icon: <ShieldCheck size={16} aria-hidden />,
      content: <RolesPanel serverId={serverId} />,
    },
    {
      id: "members",
      label: t("members.title"),
      icon: <Users size={16} aria-hidden />,
      content: <MembersPanel serverId={serverId} />,
    },
    can.overview && {
      id: "invites",
      label: t("settings.invites"),
      icon: <Link2 size={16} aria-hidden />,
      content: <InvitesPanel serverId={serverId} />,
    },
    can.overview && {
      id: "automod",
      label: "AutoMod",
      icon: <Bot size={16} aria-hidden />,
      content: (
        <LazyPart loading={<Skeleton className="h-10 rounded-md" />}>
          <AutomodPanel serverId={serverId} />
        </LazyPart>
      ),
    },
    can.bans && {
      id: "bans",
      label: t("settings.bans"),
      icon: <Ban size={16} aria-hidden />,
      content: <BansPanel serverId={serverId} />,
    },
    can.audit && {
      id: "audit",
      label: t("moderation:audit.title"),
      icon: <ScrollText size={16} aria-hidden />,
      content: <AuditPanel serverId={serverId} />,
    },
  ].filter((one) => one !== false);
}
