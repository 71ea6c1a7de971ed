import { ChevronDown, FolderPlus, ListChecks, LogOut, Plus, Settings, UserPlus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { openDialog } from "../../core/dialog-store.ts";
import { Menu } from "../../ui/menu.tsx";
import { useCan, useIsOwner } from "../../core/use-can.ts";
import { useNotificationMenu } from "../notifications/use-notification-menu.tsx";
import { useServerTabs } from "./use-server-tabs.ts";

/** The server's name above its channels, a button with the server's menu. */
export function ServerMenu({ serverId }: { serverId: number }) {
  const { t } = useTranslation("servers");
  const name = useClientState((state) => state.servers[serverId]?.name ?? "");
  const canManageChannels = useCan(serverId, "manageChannels");
  const canInvite = useCan(serverId, "createInstantInvite");
  const tabs = useServerTabs(serverId);
  const notifications = useNotificationMenu({ kind: "server", id: serverId });
  const isOwner = useIsOwner(serverId);
  const hasOnboarding = useClientState((state) => Boolean(state.servers[serverId]?.onboarding_since));
  const trigger = (
    <button
      type="button"
      className="focus-inset flex h-12 w-full shrink-0 items-center gap-2 border-b border-line px-4 text-left transition-colors hover:bg-hover data-[state=open]:bg-hover"
    >
      <span className="min-w-0 flex-1 truncate font-semibold">{name}</span>
      <ChevronDown size={16} aria-hidden className="shrink-0 text-faint" />
    </button>
  );
  return (
    <Menu
      trigger={trigger}
      entries={[
        canInvite && {
          label: t("invite.open"),
          icon: <UserPlus size={16} />,
          onSelect: () => openDialog({ kind: "invite", serverId }),
        },
        canManageChannels && {
          label: t("channels.create"),
          icon: <Plus size={16} />,
          onSelect: () => openDialog({ kind: "create-channel", serverId }),
        },
        canManageChannels && {
          label: t("channels.createCategory"),
          icon: <FolderPlus size={16} />,
          onSelect: () => openDialog({ kind: "create-channel", serverId, type: "category" }),
        },
        hasOnboarding && {
          label: t("onboarding.open"),
          icon: <ListChecks size={16} />,
          onSelect: () => openDialog({ kind: "onboarding", serverId }),
        },
        ...notifications,
        tabs.any && {
          label: t("settings.open"),
          icon: <Settings size={16} />,
          onSelect: () => openDialog({ kind: "server-settings", serverId }),
        },
        !isOwner && "separator",
        !isOwner && {
          label: t("leave.open"),
          icon: <LogOut size={16} />,
          danger: true,
          onSelect: () => openDialog({ kind: "leave-server", serverId }),
        },
      ]}
    />
  );
}
