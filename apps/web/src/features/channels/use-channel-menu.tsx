import {
  ArrowDown,
  ArrowUp,
  CheckCheck,
  Link,
  Lock,
  LockOpen,
  Pencil,
  ShieldCheck,
  Trash2,
  Webhook,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { openDialog } from "../../core/dialog-store.ts";
import { paths } from "../../core/paths.ts";
import { useCan } from "../../core/use-can.ts";
import { useCopy } from "../../core/use-copy.ts";
import { useLock } from "./use-lock.ts";
import { useNotificationMenu } from "../notifications/use-notification-menu.tsx";
import type { MenuEntry } from "../../ui/menu-item.ts";

interface Options {
  serverId: number;
  channelId: number;
  canManage: boolean;
  onMoveUp: (() => void) | undefined;
  onMoveDown: (() => void) | undefined;
}

export function useChannelMenu(options: Options): readonly MenuEntry[] {
  const { serverId, channelId } = options;
  const { t } = useTranslation("servers");
  const manage = useManageEntries(options);
  const client = useClient();
  const copy = useCopy();
  const notifications = useNotificationMenu({ kind: "channel", id: channelId });
  const markRead = () => {
    const channel = client.store.getState().channels[channelId];
    if (channel) client.markRead(channelId, channel.last_message_seq);
  };
  return [
    { label: t("channels.markRead"), icon: <CheckCheck size={16} />, onSelect: markRead },
    ...notifications,
    {
      label: t("channels.copyLink"),
      icon: <Link size={16} />,
      onSelect: () => void copy(location.origin + paths.channel(serverId, channelId)),
    },
    ...manage,
  ];
}

/** What those who manage a channel or a category do with it. */
export function useManageEntries({
  serverId,
  channelId,
  canManage,
  onMoveUp,
  onMoveDown,
}: Options): readonly MenuEntry[] {
  const { t } = useTranslation(["servers", "rights", "moderation"]);
  const mayPermit = useCan(serverId, "manageRoles", channelId);
  const mayHook = useCan(serverId, "manageWebhooks", channelId);
  const type = useClientState((state) => state.channels[channelId]?.type);
  const [isText, isCategory] = [type === "text" || type === "forum", type === "category"];
  const { isLocked, toggle } = useLock(serverId, channelId);
  return [
    mayPermit && {
      label: t("rights:channel.open"),
      icon: <ShieldCheck size={16} />,
      onSelect: () => openDialog({ kind: "permissions-channel", channelId }),
    },
    mayPermit &&
      isText && {
        label: t(isLocked ? "moderation:lock.unlock" : "moderation:lock.lock"),
        icon: isLocked ? <LockOpen size={16} /> : <Lock size={16} />,
        onSelect: toggle,
      },
    mayHook &&
      isText && {
        label: t("servers:channels.webhooks"),
        icon: <Webhook size={16} />,
        onSelect: () => openDialog({ kind: "webhooks", serverId, channelId }),
      },
    ...(canManage
      ? ([
          (mayPermit || !isCategory) && "separator",
          {
            label: t("channels.rename"),
            icon: <Pencil size={16} />,
            onSelect: () => openDialog({ kind: "rename-channel", channelId }),
          },
          onMoveUp && { label: t("channels.moveUp"), icon: <ArrowUp size={16} />, onSelect: onMoveUp },
          onMoveDown && { label: t("channels.moveDown"), icon: <ArrowDown size={16} />, onSelect: onMoveDown },
          "separator",
          {
            label: isCategory ? t("channels.deleteCategory") : t("channels.delete"),
            icon: <Trash2 size={16} />,
            danger: true,
            onSelect: () => openDialog({ kind: "delete-channel", channelId }),
          },
        ] as const)
      : []),
  ];
}
