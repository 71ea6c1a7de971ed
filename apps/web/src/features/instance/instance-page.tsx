import { Building2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usePageTitle } from "../../core/page-title.ts";
import { MainPane } from "../../layout/main-pane.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { ReportsPanel } from "../reports/reports-panel.tsx";
import { EmojisPanel } from "../emoji-settings/emojis-panel.tsx";
import { emojiKind, stickerKind } from "../emoji-settings/kinds.ts";
import { AccountsPanel } from "./accounts-panel.tsx";
import { AnnouncementPanel } from "./announcement-panel.tsx";
import { ApplicationsPanel } from "./applications-panel.tsx";
import { FirstSteps } from "./first-steps.tsx";
import { ImportPanel } from "./imports/import-panel.tsx";
import { LogPanel } from "./log-panel.tsx";
import { MailPanel } from "./mail-panel.tsx";
import { ServersPanel } from "./servers-panel.tsx";
import { SettingsPanel } from "./settings-panel.tsx";

const panels = {
  accounts: <AccountsPanel />,
  applications: <ApplicationsPanel />,
  servers: <ServersPanel />,
  reports: <ReportsPanel serverId={null} />,
  announcement: <AnnouncementPanel />,
  settings: <SettingsPanel />,
  emojis: <EmojisPanel key="emojis" kind={emojiKind} serverId={null} />,
  stickers: <EmojisPanel key="stickers" kind={stickerKind} serverId={null} />,
  import: <ImportPanel />,
  mail: <MailPanel />,
  log: <LogPanel />,
} as const;
type PanelName = keyof typeof panels;
const names = Object.keys(panels) as PanelName[];

function tabOf(hash: string): PanelName {
  return names.find((name) => hash === `#${name}`) ?? "accounts";
}

/** What administrators do about the whole instance. `#reports` and the like open a tab. */
export function InstancePage() {
  const { t } = useTranslation("instance");
  const [tab, setTab] = useState(() => tabOf(location.hash));
  usePageTitle(t("title"));
  const title = (
    <h1 className="flex items-center gap-1.5 font-semibold">
      <Building2 size={18} aria-hidden className="shrink-0 text-faint" />
      <span className="truncate">{t("title")}</span>
    </h1>
  );
  return (
    <MainPane title={title}>
      <FirstSteps />
      <div className="flex min-h-0 flex-1 flex-col pt-3">
        <Tabs
          label={t("title")}
          vertical
          value={tab}
          onChange={(id) => {
            setTab(tabOf(`#${id}`));
            history.replaceState(history.state, "", `#${id}`);
          }}
          tabs={names.map((id) => ({ id, label: t(`tab.${id}`), content: panels[id] }))}
        />
      </div>
    </MainPane>
  );
}
