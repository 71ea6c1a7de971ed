import type { MainEvent } from "@miscord/protocol";
import { useEffect, useEffectEvent } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { allowSound } from "../../core/audio/audio-context.ts";
import { playSound } from "../../core/audio/sounds.ts";
import { useClient, useMe } from "../../core/client.ts";
import { paths } from "../../core/paths.ts";
import { statusNow } from "../../core/status-now.ts";
import { useRouteIds } from "../../core/route-ids.ts";
import { notificationsIn } from "../../core/unread.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { useToast } from "../../ui/toast.tsx";
import { claim, isToldElsewhere } from "../notifications/attended-pages.ts";
import { channelTag, showDesktop } from "../notifications/desktop-notifications.ts";
import { placementOf } from "../notifications/notification-placement.ts";
import { useNotificationPreferences } from "../notifications/notification-preferences.ts";

type Received = Extract<MainEvent, { type: "dm_activity" }>;
type DirectMessage = NonNullable<Received["message"]>;

/** Mounted once while logged in: a toast, a desktop notification and a sound for messages in private channels. */
export function DirectMessageListener() {
  const { t } = useTranslation(["people", "notifications"]);
  const client = useClient();
  const me = useMe();
  const toast = useToast();
  const { channelId } = useRouteIds();
  const [, navigate] = useLocation();

  const received = useEffectEvent((event: Received, message: DirectMessage) => {
    if (notificationsIn(client.store.getState(), event.channel_id).isSilenced) return;
    const preferences = useNotificationPreferences.getState();
    const attention = {
      status: statusNow(me),
      isVisible: document.visibilityState === "visible",
      isFocused: document.hasFocus(),
      channelId,
      preferences,
    };
    const placement = placementOf({ kind: "direct", channel_id: event.channel_id, is_read: false }, attention);
    const group = client.store.getState().dms[event.channel_id]?.name;
    const author = message.author.display_name;
    const title = group ? t("receivedIn", { author, group }) : t("received", { author });
    const path = paths.dm(event.channel_id);
    if (placement.toast) {
      toast({
        title,
        ...(message.excerpt && { description: message.excerpt }),
        icon: <Avatar user={message.author} ground="overlay" />,
        action: { label: t("notifications:show"), onSelect: () => navigate(path) },
      });
    }
    if (placement.background) void notify(message, { tag: channelTag(event.channel_id), title, path });
  });
  useEffect(
    () =>
      client.on("event", (event) => event.type === "dm_activity" && event.message && received(event, event.message)),
    [client],
  );
  return null;
}

async function notify(
  message: DirectMessage,
  { tag, title, path }: { tag: string; title: string; path: string },
): Promise<void> {
  if ((await isToldElsewhere()) || !(await claim(`message ${message.id}`))) return;
  const { desktop, sound } = useNotificationPreferences.getState();
  if (desktop) await showDesktop({ tag, title, body: message.excerpt, path });
  if (sound && (await allowSound())) playSound("notification");
}
