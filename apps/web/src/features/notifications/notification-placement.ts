import { pushKindOf, type ChosenStatus, type Notification } from "@miscord/protocol";
import type { NotificationPreferences } from "./notification-preferences.ts";

/** The ways in which a notification is shown apart from the inbox. */
export interface Placement {
  /** A toast on this page. */
  toast: boolean;
  /** A sound and a desktop notification, as the preferences allow. */
  background: boolean;
}

/** A notification of the inbox, or a message in a private channel, of kind `direct`. */
export interface Placed extends Pick<Notification, "channel_id" | "is_read"> {
  kind: Notification["kind"] | "direct";
}

/** The facts about the user and the page that decide on a placement. */
export interface Attention {
  status: ChosenStatus;
  /** Whether this page is visible. */
  isVisible: boolean;
  /** Whether this page has the focus. A visible page beside the window one works in is not looked at. */
  isFocused: boolean;
  /** Id of the channel on this page; null when it shows none. */
  channelId: number | null;
  preferences: NotificationPreferences;
}

/**
 * Where a notification is shown apart from the inbox. A page that is visible without the focus shows the toast too, so
 * that the user finds it there after the sound.
 */
export function placementOf(notification: Placed, attention: Attention): Placement {
  const { kind, channel_id: channelId, is_read: isRead } = notification;
  const { status, isVisible, isFocused, preferences } = attention;
  const preference = kind === "direct" ? kind : pushKindOf(kind);
  const isWanted = preference === null || preferences[preference];
  if (isRead || status === "dnd" || !isWanted) return { toast: false, background: false };
  const isInChannel = channelId !== null && channelId === attention.channelId;
  return { toast: isVisible && !isInChannel, background: !isVisible || !isFocused };
}
