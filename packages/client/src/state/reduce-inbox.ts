import type { Inbox as InboxPage, MainEvent, Notification } from "@miscord/protocol";
import type { ClientState, Inbox } from "./types.ts";

type InboxChange = Extract<MainEvent, { type: "notification" | "notifications_read" }>;

export function reduceInbox(state: ClientState, event: InboxChange): ClientState {
  const inbox =
    event.type === "notification" ? addNotification(state.inbox, event.data) : markRead(state.inbox, event.ids);
  return inbox === state.inbox ? state : { ...state, inbox };
}

/**
 * Marks notifications read; null means all. Ids that are not loaded do not lower the unread count: see `hasUnknown`.
 */
export function markRead(inbox: Inbox, ids: readonly number[] | null): Inbox {
  const marked = ids && new Set(ids);
  const changes = ({ id, is_read }: Notification) => !is_read && (marked?.has(id) ?? true);
  const count = inbox.notifications.filter(changes).length;
  return {
    ...inbox,
    unread: marked ? Math.max(0, inbox.unread - count) : 0,
    notifications: inbox.notifications.map((one) => (changes(one) ? { ...one, is_read: true } : one)),
  };
}

/** Without the notifications of channels that the user no longer sees. */
export function withoutChannels(inbox: Inbox, channelIds: ReadonlySet<number>): Inbox {
  const isGone = ({ channel_id }: Notification) => channel_id !== null && channelIds.has(channel_id);
  const gone = inbox.notifications.filter(isGone);
  if (gone.length === 0) return inbox;
  const unread = Math.max(0, inbox.unread - gone.filter(({ is_read }) => !is_read).length);
  return { ...inbox, unread, notifications: inbox.notifications.filter((one) => !isGone(one)) };
}

/** Whether some of these ids are not loaded, so that the unread count must be fetched from the server. */
export function hasUnknown(inbox: Inbox, ids: readonly number[] | null): boolean {
  const known = new Set(inbox.notifications.map((notification) => notification.id));
  return ids?.some((id) => !known.has(id)) ?? false;
}

export function showInbox(state: ClientState, page: InboxPage): ClientState {
  const { notifications, unread, has_more: hasMore } = page;
  return { ...state, inbox: { notifications, unread, hasMore, loaded: true } };
}

export function addInboxPage(state: ClientState, page: InboxPage): ClientState {
  const known = new Set(state.inbox.notifications.map((notification) => notification.id));
  const older = page.notifications.filter((notification) => !known.has(notification.id));
  const notifications = [...state.inbox.notifications, ...older];
  return { ...state, inbox: { ...state.inbox, notifications, unread: page.unread, hasMore: page.has_more } };
}

function addNotification(inbox: Inbox, notification: Notification): Inbox {
  if (inbox.notifications.some((known) => known.id === notification.id)) return inbox;
  const notifications = [notification, ...inbox.notifications].toSorted((a, b) => b.id - a.id);
  return { ...inbox, notifications, unread: inbox.unread + (notification.is_read ? 0 : 1) };
}
