import type { Notification } from "@miscord/protocol";
import { useEffect, useEffectEvent } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient, useMe } from "../../core/client.ts";
import { safeNext } from "../../core/paths.ts";
import { useRouteIds } from "../../core/route-ids.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { useToast } from "../../ui/toast.tsx";
import { allowSound } from "../../core/audio/audio-context.ts";
import { playSound } from "../../core/audio/sounds.ts";
import { closeDesktop, onDesktopClick, showDesktop } from "./desktop-notifications.ts";
import { noticeOf } from "./notice-of.ts";
import { useNoticePreferences } from "./notice-preferences.ts";
import { notificationPath } from "./notification-path.ts";
import { useDescribeNotification } from "./use-describe-notification.ts";
import { useUnreadMark } from "./use-unread-mark.ts";
import { announceVisibility, claim, isAnyPageVisible } from "./visible-pages.ts";

/** Mounted once while logged in: toasts, browser notifications and sounds for what arrives. */
export function NotificationListener() {
  const client = useClient();
  const me = useMe();
  const { channelId } = useRouteIds();
  const [, navigate] = useLocation();
  const tellInPage = useTellInPage();
  const tellAway = useTellAway();
  useUnreadMark();
  const arrived = useEffectEvent((notification: Notification) => {
    const isVisible = document.visibilityState === "visible";
    const preferences = useNoticePreferences.getState();
    const notice = noticeOf(notification, { status: me.status, isVisible, channelId, preferences });
    if (notice === "page") tellInPage(notification);
    if (notice === "away") void tellAway(notification);
  });
  const open = useEffectEvent((path: string) => navigate(safeNext(path)));
  useEffect(() => {
    const stops = [
      announceVisibility(),
      client.on("notification", (notification) => arrived(notification)),
      client.on("event", (event) => event.type === "notifications_read" && void closeDesktop(event.ids)),
      onDesktopClick((path) => open(path)),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [client]);
  return null;
}

function useTellInPage(): (notification: Notification) => void {
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

function useTellAway(): (notification: Notification) => Promise<void> {
  const describe = useDescribeNotification();
  return async (notification) => {
    const { desktop, sound } = useNoticePreferences.getState();
    // A tab in sight tells it in its page, or shows the very channel; of those out of sight one speaks for all.
    if ((await isAnyPageVisible()) || !(await claim(String(notification.id)))) return;
    const { title, text } = describe(notification);
    const path = notificationPath(notification);
    if (desktop) await showDesktop({ id: notification.id, title, body: text, path });
    if (sound && (await allowSound())) playSound("notice");
  };
}
