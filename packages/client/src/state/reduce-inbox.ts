import type { Inbox as InboxPage, MainEvent, Notification } from "@miscord/protocol";
import { isRemoved, removalBy, type Removal } from "./removed-notifications.ts";
import type { ClientState, Inbox } from "./types.ts";

/** Removals that are remembered: events of different publishers may overtake each other by seconds. */
const removalsKept = 100;

/** Applies any event to the inbox; most change nothing in it. */
export function reduceInbox(state: ClientState, event: MainEvent): ClientState {
  const inbox = changedInbox(state, event);
  return inbox === state.inbox ? state : { ...state, inbox };
}

function changedInbox(state: ClientState, event: MainEvent): Inbox {
  const { inbox } = state;
  if (event.type === "notification") return addNotification(state, event.data);
  if (event.type === "notifications_read") return markRead(inbox, event.ids);
  const removal = removalBy(event);
  return removal ? remove(inbox, removal) : inbox;
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
export function withoutNotificationsOf(inbox: Inbox, channelIds: ReadonlySet<number>): Inbox {
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

/**
 * Whether the event may have removed notifications that are not loaded, so that the inbox must be fetched from the
 * server. `before` and `after` are the inbox around the event.
 */
export function mayRemoveUnknown(before: Inbox, after: Inbox, event: MainEvent): boolean {
  const removal = removalBy(event);
  if (!removal || !after.hasMore) return false;
  if (after.notifications.length === 0) return true;
  // A message notifies a user once.
  if (removal.message_id !== undefined && before.notifications.some((one) => isRemoved(one, removal))) return false;
  return after.unread > countUnread(after.notifications);
}

export function showInbox(state: ClientState, page: InboxPage): ClientState {
  const { notifications, unread, has_more: hasMore } = page;
  return { ...state, inbox: { ...state.inbox, notifications, unread, hasMore, loaded: true } };
}

export function addInboxPage(state: ClientState, page: InboxPage): ClientState {
  const known = new Set(state.inbox.notifications.map((notification) => notification.id));
  const older = page.notifications.filter((notification) => !known.has(notification.id));
  const notifications = [...state.inbox.notifications, ...older];
  return { ...state, inbox: { ...state.inbox, notifications, unread: page.unread, hasMore: page.has_more } };
}

/** Ignores a notification that was removed already: another node may have sent the removal sooner. */
function addNotification({ inbox, servers }: ClientState, notification: Notification): Inbox {
  const isGone = (removal: Removal) =>
    isRemoved(notification, removal) && !(removal.isByMembership && servers[notification.server_id]);
  if (inbox.removals.some(isGone) || inbox.notifications.some((known) => known.id === notification.id)) return inbox;
  const notifications = [notification, ...inbox.notifications].toSorted((a, b) => b.id - a.id);
  return { ...inbox, notifications, unread: inbox.unread + (notification.is_read ? 0 : 1) };
}

function remove(inbox: Inbox, removal: Removal): Inbox {
  const [removed, kept] = [
    inbox.notifications.filter((one) => isRemoved(one, removal)),
    inbox.notifications.filter((one) => !isRemoved(one, removal)),
  ];
  return {
    ...inbox,
    notifications: removed.length === 0 ? inbox.notifications : kept,
    unread: Math.max(0, inbox.unread - countUnread(removed)),
    removals: [...inbox.removals, removal].slice(-removalsKept),
  };
}

function countUnread(notifications: readonly Notification[]): number {
  return notifications.filter((one) => !one.is_read).length;
}
