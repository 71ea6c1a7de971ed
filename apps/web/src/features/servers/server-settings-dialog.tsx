import { Link2, ScrollText, ShieldCheck, SlidersHorizontal, Users, Webhook } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { AuditPanel } from "./audit/audit-panel.tsx";
import { useExpressionTabs } from "./expression-tabs.tsx";
import { InvitesPanel } from "./invites-panel.tsx";
import { MembersPanel } from "./members-panel.tsx";
import { RolesPanel } from "./roles/roles-panel.tsx";
import { useJoiningTabs } from "./joining-tabs.tsx";
import { useSafetyTabs } from "./safety-tabs.tsx";
import { useServerTabs } from "./use-server-tabs.ts";
import { OverviewPanel } from "./overview-panel.tsx";
import { WebhooksPanel } from "./webhooks/webhooks-panel.tsx";

interface ServerSettingsDialogProps {
  serverId: number;
  /** Id of the section that is shown first. */
  tab?: string;
  onClose: () => void;
}

export function ServerSettingsDialog({ serverId, tab: first, onClose }: ServerSettingsDialogProps) {
  const { t } = useTranslation("servers");
  const name = useClientState((state) => state.servers[serverId]?.name ?? "");
  const tabs = useTabs(serverId, onClose);
  const [tab, setTab] = useState(first ?? tabs[0]!.id);
  return (
    <Dialog bare open size="lg" onOpenChange={onClose} title={t("settings.title", { server: name })}>
      <div className="flex h-[70dvh] min-h-0 flex-col md:h-140">
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

/** The sections that the user may see: the server and its people, joining, safety, and what programs do. */
function useTabs(serverId: number, onDeleted: () => void) {
  const { t } = useTranslation(["servers", "rights", "moderation", "webhooks"]);
  const can = useServerTabs(serverId);
  const safety = useSafetyTabs(serverId);
  const joining = useJoiningTabs(serverId);
  const expressions = useExpressionTabs(serverId);
  return [
    can.overview && {
      id: "overview",
      label: t("settings.overview"),
      icon: <SlidersHorizontal size={16} aria-hidden />,
      content: <OverviewPanel serverId={serverId} onDeleted={onDeleted} />,
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
    ...expressions,
    can.overview && {
      id: "invites",
      label: t("settings.invites"),
      icon: <Link2 size={16} aria-hidden />,
      content: <InvitesPanel serverId={serverId} />,
    },
    ...joining,
    ...safety,
    can.audit && {
      id: "audit",
      label: t("moderation:audit.title"),
      icon: <ScrollText size={16} aria-hidden />,
      content: <AuditPanel serverId={serverId} />,
    },
    can.webhooks && {
      id: "webhooks",
      label: t("webhooks:title"),
      icon: <Webhook size={16} aria-hidden />,
      content: <WebhooksPanel serverId={serverId} />,
    },
  ].filter((one) => one !== false);
}
