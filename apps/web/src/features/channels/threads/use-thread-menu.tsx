import {
  Archive,
  ArchiveRestore,
  BellOff,
  BellPlus,
  CheckCheck,
  Link,
  Lock,
  LockOpen,
  Pencil,
  Pin,
  PinOff,
  Trash2,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState, useMe } from "../../../core/client.ts";
import { openDialog } from "../../../core/dialog-store.ts";
import { paths } from "../../../core/paths.ts";
import { useAction } from "../../../core/use-action.ts";
import { useCan } from "../../../core/use-can.ts";
import { useCopy } from "../../../core/use-copy.ts";
import type { MenuEntry } from "../../../ui/menu-item.ts";
import { useNotificationMenu } from "../../notifications/use-notification-menu.tsx";

/** What a user may do with a thread. */
export function useThreadMenu(threadId: number): readonly MenuEntry[] {
  const { t } = useTranslation(["threads", "servers"]);
  const client = useClient();
  const copy = useCopy();
  const { toggleFollowing } = useFollowing(threadId);
  const isFollowing = useClientState((state) => state.threads[threadId]?.is_following ?? false);
  const notifications = useNotificationMenu({ kind: "channel", id: threadId });
  const manage = useManageEntries(threadId);
  const markRead = () => {
    const channel = client.store.getState().channels[threadId];
    if (channel) client.markRead(threadId, channel.last_message_seq);
  };
  const copyLink = () => {
    const channel = client.store.getState().channels[threadId];
    if (channel) void copy(location.origin + paths.channelOf(channel));
  };
  return [
    { label: t("servers:channels.markRead"), icon: <CheckCheck size={16} />, onSelect: markRead },
    {
      label: t(isFollowing ? "unfollow" : "follow"),
      icon: isFollowing ? <BellOff size={16} /> : <BellPlus size={16} />,
      onSelect: toggleFollowing,
    },
    ...notifications,
    { label: t("servers:channels.copyLink"), icon: <Link size={16} />, onSelect: copyLink },
    ...manage,
  ];
}

/** Whether the user follows the thread, and the press that changes it. */
export function useFollowing(threadId: number) {
  const client = useClient();
  const { run } = useAction();
  const isFollowing = useClientState((state) => state.threads[threadId]?.is_following ?? false);
  const toggleFollowing = () =>
    void run(() => (isFollowing ? client.rest.unfollowThread(threadId) : client.rest.followThread(threadId)));
  return { isFollowing, toggleFollowing };
}

function useManageEntries(threadId: number): readonly MenuEntry[] {
  const { t } = useTranslation(["threads", "forums"]);
  const me = useMe();
  const client = useClient();
  const { run } = useAction();
  const thread = useClientState((state) => state.threads[threadId]);
  const serverId = useClientState((state) => state.channels[threadId]?.server_id ?? null);
  const mayManage = useCan(serverId, "manageThreads", threadId);
  const mayWrite = useCan(serverId, "sendMessages", threadId);
  if (!thread) return [];
  const isPost = thread.tags !== undefined;
  const mayChange = mayManage || (thread.owner_id === me.id && mayWrite);
  const change = (patch: Parameters<typeof client.rest.updateThread>[1]) => () =>
    void run(() => client.rest.updateThread(threadId, patch));
  return [
    mayChange && "separator",
    mayChange && {
      label: isPost ? t("forums:edit.open") : t("rename.open"),
      icon: <Pencil size={16} />,
      onSelect: () => openDialog({ kind: "rename-thread", channelId: threadId }),
    },
    mayChange && {
      label: t(thread.archived ? "unarchive" : "archive"),
      icon: thread.archived ? <ArchiveRestore size={16} /> : <Archive size={16} />,
      onSelect: change({ archived: !thread.archived }),
    },
    mayManage &&
      isPost && {
        label: t(thread.pinned_at ? "forums:unpin" : "forums:pin"),
        icon: thread.pinned_at ? <PinOff size={16} /> : <Pin size={16} />,
        onSelect: change({ pinned: !thread.pinned_at }),
      },
    mayManage && {
      label: t(thread.locked ? "unlock" : "lock"),
      icon: thread.locked ? <LockOpen size={16} /> : <Lock size={16} />,
      onSelect: change({ locked: !thread.locked }),
    },
    mayManage && {
      label: t("delete.open"),
      icon: <Trash2 size={16} />,
      danger: true,
      onSelect: () => openDialog({ kind: "delete-thread", channelId: threadId }),
    },
  ];
}
