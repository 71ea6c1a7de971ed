import type { ChosenStatus, Notification } from "@miscord/protocol";
import type { NoticePreferences } from "./notice-preferences.ts";

export interface Attention {
  status: ChosenStatus;
  /** This page is on the screen. */
  isVisible: boolean;
  /** The channel that this page shows. */
  channelId: number | null;
  preferences: NoticePreferences;
}

/** How a notification is told beyond the inbox: in the page, to somebody who looks elsewhere, or not at all. */
export function noticeOf(notification: Notification, attention: Attention): "page" | "away" | null {
  const { kind, channel_id: channelId, is_read: isRead } = notification;
  if (isRead || attention.status === "dnd" || !attention.preferences[kind]) return null;
  if (!attention.isVisible) return "away";
  return channelId !== null && channelId === attention.channelId ? null : "page";
}
