import type { MainEvent } from "@miscord/protocol";
import { useEffect, useEffectEvent } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { allowSound } from "../../core/audio/audio-context.ts";
import { playSound } from "../../core/audio/sounds.ts";
import { useClient, useClientState, useMe } from "../../core/client.ts";
import { LazyPart } from "../../core/lazy-part.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";
import { listenFromStart } from "../../core/listen-from-start.ts";
import { paths } from "../../core/paths.ts";
import { statusNow } from "../../core/status-now.ts";
import { voiceText } from "../../core/voice-text.ts";
import { useRouteIds } from "../../core/route-ids.ts";
import { notificationsIn } from "../../core/unread.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { useToast } from "../../ui/toast.tsx";
import { claim, isToldElsewhere } from "../notifications/attended-pages.ts";
import { channelTag, showDesktop, type DesktopNotification } from "../notifications/desktop-notifications.ts";
import { placementOf } from "../notifications/notification-placement.ts";
import { useNotificationPreferences } from "../notifications/notification-preferences.ts";

const IncomingCalls = lazyWithTexts(async () => (await import("./incoming-calls.tsx")).IncomingCalls);

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
    const excerpt = message.is_missed_call ? t("missedCall") : message.excerpt || voiceText(message.voice_ms);
    if (placement.toast) {
      toast({
        title,
        ...(excerpt && { description: excerpt }),
        icon: <Avatar user={message.author} ground="overlay" />,
        action: { label: t("notifications:show"), onSelect: () => navigate(path) },
      });
    }
    if (placement.background) {
      void notify(message.id, { tag: channelTag(event.channel_id), title, body: excerpt, path });
    }
  });
  useEffect(
    () =>
      listenFromStart(
        (event) => void (event.type === "dm_activity" && event.message && received(event, event.message)),
      ),
    [],
  );
  const isRung = useClientState(({ dms }) =>
    Object.values(dms).some(({ rings }) => rings.some(({ user_id }) => user_id === me.id)),
  );
  if (!isRung) return null;
  return (
    <LazyPart loading={null} failed={null}>
      <IncomingCalls />
    </LazyPart>
  );
}

async function notify(messageId: number, shown: DesktopNotification): Promise<void> {
  if ((await isToldElsewhere()) || !(await claim(`message ${messageId}`))) return;
  const { desktop, sound } = useNotificationPreferences.getState();
  if (desktop) await showDesktop(shown);
  if (sound && (await allowSound())) playSound("notification");
}
