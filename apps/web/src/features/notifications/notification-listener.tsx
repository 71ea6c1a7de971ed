import type { Notification } from "@miscord/protocol";
import { useEffect, useEffectEvent } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient, useMe } from "../../core/client.ts";
import { getsPushes } from "../../core/push-mark.ts";
import { safeNext } from "../../core/paths.ts";
import { statusNow } from "../../core/status-now.ts";
import { useRouteIds } from "../../core/route-ids.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { useToast } from "../../ui/toast.tsx";
import { allowSound } from "../../core/audio/audio-context.ts";
import { playSound } from "../../core/audio/sounds.ts";
import type { WorkEvent } from "./announce-work.ts";
import { closeDesktop, notificationTag, onWorkerMessage, showDesktop } from "./desktop-notifications.ts";
import { placementOf } from "./notification-placement.ts";
import { useNotificationPreferences } from "./notification-preferences.ts";
import { notificationPath } from "./notification-path.ts";
import { useDescribeNotification } from "./use-describe-notification.ts";
import { useUnreadMark } from "./use-unread-mark.ts";
import { announceAttention, claim, isToldElsewhere } from "./attended-pages.ts";

/** Mounted once while logged in: shows toasts and desktop notifications and plays sounds for new notifications. */
export function NotificationListener() {
  const client = useClient();
  const me = useMe();
  const { channelId } = useRouteIds();
  const [, navigate] = useLocation();
  const showToast = useNotificationToast();
  const notifyInBackground = useBackgroundNotification();
  useUnreadMark();
  const arrived = useEffectEvent((notification: Notification) => {
    const isVisible = document.visibilityState === "visible";
    const preferences = useNotificationPreferences.getState();
    const isFocused = document.hasFocus();
    const attention = { status: statusNow(me), isVisible, isFocused, channelId, preferences };
    const { toast, background } = placementOf(notification, attention);
    if (toast) showToast(notification);
    if (background) void notifyInBackground(notification);
  });
  const toast = useToast();
  const hasWork = useEffectEvent(async (event: WorkEvent) => {
    const { announceWork } = await import("./announce-work.ts");
    await announceWork(event, client.store.getState(), toast);
  });
  const open = useEffectEvent((path: string) => navigate(safeNext(path)));
  useEffect(() => {
    // A browser may drop its subscription at any time.
    function keepPushes(): void {
      if (getsPushes()) withPushes(({ keepSubscription }) => keepSubscription(client));
    }
    const stops = [
      announceAttention((isActive) => client.setAttention(isActive)),
      client.on("notification", (notification) => arrived(notification)),
      client.on("event", (event) => {
        if (event.type === "notifications_read") void closeDesktop(event.ids?.map(notificationTag) ?? null);
        if (event.type === "reports_changed" || event.type === "author_claims_changed") void hasWork(event);
      }),
      client.on("notifications_removed", (ids) => void closeDesktop(ids.map(notificationTag))),
      onWorkerMessage((path) => open(path), keepPushes),
    ];
    keepPushes();
    return () => {
      for (const stop of stops) stop();
      if (!client.store.getState().session.me) withPushes(({ leavePushes }) => leavePushes());
    };
  }, [client]);
  return null;
}

function withPushes(use: (pushes: typeof import("./push/subscribe.ts")) => Promise<unknown>): void {
  void import("./push/subscribe.ts").then(use).catch(() => {});
}

function useNotificationToast(): (notification: Notification) => void {
  const { t } = useTranslation("notifications");
  const client = useClient();
  const toast = useToast();
  const describe = useDescribeNotification();
  const [, navigate] = useLocation();
  return (notification) => {
    const { title, text } = describe(notification);
    toast({
      title,
      ...(text && { description: text }),
      icon: <Avatar user={notification.actor} ground="overlay" />,
      action: {
        label: t("show"),
        onSelect() {
          client.markNotificationsRead([notification.id]).catch(() => {});
          navigate(notificationPath(notification));
        },
      },
    });
  };
}

function useBackgroundNotification(): (notification: Notification) => Promise<void> {
  const describe = useDescribeNotification();
  return async (notification) => {
    const { desktop, sound } = useNotificationPreferences.getState();
    // A tab with the focus shows a toast or the channel itself. Of several others, the one that gets the claim notifies.
    if ((await isToldElsewhere()) || !(await claim(String(notification.id)))) return;
    const { title, text } = describe(notification);
    const path = notificationPath(notification);
    if (desktop) await showDesktop({ tag: notificationTag(notification.id), title, body: text, path });
    if (sound && (await allowSound())) playSound("notification");
  };
}
