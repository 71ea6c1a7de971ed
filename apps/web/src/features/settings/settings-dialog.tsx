import {
  AudioLines,
  Bell,
  Bot,
  FileArchive,
  KeyRound,
  LockKeyhole,
  MonitorSmartphone,
  Palette,
  ShieldCheck,
  UserRound,
} from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SettingsTab } from "../../core/dialog-store.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { NotificationSettings } from "../notifications/notification-settings.tsx";
import { PrivacyPanel } from "../people/privacy-panel.tsx";
import { VoiceSettingsPanel } from "../voice/settings/voice-settings-panel.tsx";
import { AccountPanel } from "./account-panel.tsx";
import { AppearancePanel } from "./appearance-panel.tsx";
import { BotsPanel } from "./bots/bots-panel.tsx";
import { DataPanel } from "./data/data-panel.tsx";
import { ProfilePanel } from "./profile-panel.tsx";
import { SecurityPanel } from "./security/security-panel.tsx";
import { SessionsPanel } from "./sessions-panel.tsx";

const panels = [
  { id: "profile", icon: UserRound, Panel: ProfilePanel },
  { id: "account", icon: KeyRound, Panel: AccountPanel },
  { id: "security", icon: LockKeyhole, Panel: SecurityPanel },
  { id: "privacy", icon: ShieldCheck, Panel: PrivacyPanel },
  { id: "sessions", icon: MonitorSmartphone, Panel: SessionsPanel },
  { id: "appearance", icon: Palette, Panel: AppearancePanel },
  { id: "notifications", icon: Bell, Panel: NotificationSettings },
  { id: "voice", icon: AudioLines, Panel: VoiceSettingsPanel },
  { id: "bots", icon: Bot, Panel: BotsPanel },
  { id: "data", icon: FileArchive, Panel: DataPanel },
] as const;

export function SettingsDialog({ tab, onClose }: { tab: SettingsTab; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const [shown, setShown] = useState<string>(tab);
  const tabs = panels.map(({ id, icon: Icon, Panel }) => ({
    id,
    label: t(`tab.${id}`),
    icon: <Icon size={16} aria-hidden />,
    content: <Panel />,
  }));
  return (
    <Dialog bare open size="lg" onOpenChange={onClose} title={t("title")}>
      <div className="flex h-[76dvh] min-h-0 flex-col md:h-140">
        <Tabs vertical tabs={tabs} label={t("title")} value={shown} onChange={setShown} />
      </div>
    </Dialog>
  );
}
