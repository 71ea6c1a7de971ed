import type { ChosenStatus, Notification } from "@miscord/protocol";
import type { NotificationPreferences } from "./notification-preferences.ts";

/** A toast on this page, or a sound and a desktop notification while the page is hidden. */
type Placement = "toast" | "background";

/** The facts about the user and the page that decide on a placement. */
export interface Attention {
  status: ChosenStatus;
  /** Whether this page is visible. */
  isVisible: boolean;
  /** Id of the channel on this page; null when it shows none. */
  channelId: number | null;
  preferences: NotificationPreferences;
}

/** Where a notification is shown apart from the inbox; null for nowhere else. */
export function placementOf(notification: Notification, attention: Attention): Placement | null {
  const { kind, channel_id: channelId, is_read: isRead } = notification;
  if (isRead || attention.status === "dnd" || !attention.preferences[kind]) return null;
  if (!attention.isVisible) return "background";
  return channelId !== null && channelId === attention.channelId ? null : "toast";
}
