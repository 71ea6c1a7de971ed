import type { MainEvent } from "@miscord/protocol";
import { useEffect, useEffectEvent } from "react";
import { useTranslation } from "react-i18next";
import { allowSound } from "../../core/audio/audio-context.ts";
import { playSound } from "../../core/audio/sounds.ts";
import { useClient, useMe } from "../../core/client.ts";
import { channelName } from "../../core/people.ts";
import { paths } from "../../core/paths.ts";
import { statusNow } from "../../core/status-now.ts";
import { notificationsIn, showsUnread } from "../../core/unread.ts";
import { claim, isAnyPageAttended } from "./attended-pages.ts";
import { channelTag, closeDesktop, showDesktop } from "./desktop-notifications.ts";
import { useNotificationPreferences } from "./notification-preferences.ts";

/** After this time a message that the user wrote, or read, on another device no longer counts as unread. */
const settleMs = 2_000;
/** Messages of one channel within this time are announced once. */
const pauseMs = 10_000;

/**
 * Announces messages of channels at level `all` while no page is looked at. What is a mention has its own notification.
 */
export function useMessageAnnouncements(): void {
  const client = useClient();
  const { t } = useTranslation("notifications");
  const me = useMe();
  const announce = useEffectEvent(async (channelId: number) => {
    const state = client.store.getState();
    const channel = state.channels[channelId];
    // Messages in private channels are announced by themselves.
    if (!channel || channel.server_id === null || !showsUnread(state, channelId) || statusNow(me) === "dnd") return;
    const { level, isSilenced } = notificationsIn(state, channelId);
    if (level !== "all" || isSilenced || (await isAnyPageAttended())) return;
    if (!(await claim(channelTag(channelId)))) return;
    const { desktop, sound } = useNotificationPreferences.getState();
    const server = state.servers[channel.server_id]?.name ?? "";
    const notification = { tag: channelTag(channelId), title: `${channelName(state, channelId)} · ${server}` };
    const path = paths.channel(channel.server_id, channelId);
    if (desktop) await showDesktop({ ...notification, body: t("level.newMessages"), path });
    if (sound && (await allowSound())) playSound("notification");
  });
  useEffect(() => {
    /** By channel id: when it was last announced, or a notification arrived. */
    const last = new Map<number, number>();
    const timers = new Set<ReturnType<typeof setTimeout>>();
    function note(channelId: number): void {
      const now = Date.now();
      if (now - (last.get(channelId) ?? 0) < pauseMs) return;
      last.set(channelId, now);
      const timer = setTimeout(() => {
        timers.delete(timer);
        void announce(channelId);
      }, settleMs);
      timers.add(timer);
    }
    const stops = [
      client.on("notification", ({ channel_id: id, is_read: isRead }) => id && !isRead && last.set(id, Date.now())),
      client.on("event", (event) => {
        for (const channelId of channelsWithNews(event, client.store.getState().session.me?.id)) note(channelId);
        if (event.type === "read_updated") void closeDesktop([channelTag(event.channel_id)]);
      }),
    ];
    return () => {
      for (const stop of stops) stop();
      for (const timer of timers) clearTimeout(timer);
    };
  }, [client]);
}

function channelsWithNews(event: MainEvent, userId: number | undefined): readonly number[] {
  if (event.type === "channel_activity") return Object.keys(event.channels).map(Number);
  return event.type === "new_message" && event.data.author.id !== userId ? [event.channel_id] : [];
}
