import {
  isInherited,
  type Inbox as InboxPage,
  type MainEvent,
  type Notification,
  type NotificationSetting,
  type Reminder,
} from "@miscord/protocol";
import { isIn, isRemoved, removalBy, type Removal } from "./removed-notifications.ts";
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
  if (event.type === "reminder_updated") return withReminder(inbox, event);
  if (event.type === "message_deleted") {
    return withReminder(inbox, { type: "reminder_updated", message_id: event.data.message_id, reminder: null });
  }
  if (event.type === "notifications_read") return markRead(inbox, event.ids);
  if (event.type === "notification_level_updated") {
    return event.scope === "account" ? withSetting(inbox, event.setting) : inbox;
  }
  // Not remembered, because the user may be given the channel back.
  if (event.type === "channel_removed") return drop(inbox, (one) => isIn(one, event.channel_id));
  const removal = removalBy(event);
  if (!removal) return inbox;
  const removals = [...inbox.removals, removal].slice(-removalsKept);
  return { ...drop(inbox, (one) => isRemoved(one, removal)), removals };
}

function withReminder(
  inbox: Inbox,
  { message_id: id, reminder }: Extract<MainEvent, { type: "reminder_updated" }>,
): Inbox {
  const others = inbox.reminders.filter((one) => one.message_id !== id);
  if (!reminder) return others.length < inbox.reminders.length ? { ...inbox, reminders: others } : inbox;
  const latestFirst = (one: Reminder, other: Reminder) =>
    other.remind_at.localeCompare(one.remind_at) || other.message_id - one.message_id;
  return { ...inbox, reminders: [...others, reminder].toSorted(latestFirst) };
}

function withSetting({ setting: _before, ...inbox }: Inbox, setting: NotificationSetting | undefined): Inbox {
  return setting && !isInherited(setting) ? { ...inbox, setting } : inbox;
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

type Loaded = Pick<Inbox, "notifications" | "unread" | "hasMore">;

/**
 * Whether some of these ids are not loaded, and the unread count contains them or will when they arrive, so that the
 * inbox must be fetched from the server.
 */
export function hasUnknown(inbox: Loaded, ids: readonly number[] | null): boolean {
  const { notifications, hasMore } = inbox;
  const known = new Set(notifications.map(({ id }) => id));
  const oldestId = hasMore && !hasUnreadBeyond(inbox) ? (notifications.at(-1)?.id ?? 0) : 0;
  return ids?.some((id) => id > oldestId && !known.has(id)) ?? false;
}

/** Whether notifications that are not loaded are unread. */
function hasUnreadBeyond({ notifications, unread, hasMore }: Loaded): boolean {
  return hasMore && unread > countUnread(notifications);
}

/**
 * Whether the event may have removed notifications that are not loaded, so that the inbox must be fetched from the
 * server. `before` and `after` are the inbox around the event.
 */
export function mayRemoveUnknown(before: Inbox, after: Inbox, event: MainEvent): boolean {
  const removal = removalBy(event);
  // Reminders do not say where their messages are.
  const losesChannels =
    event.type === "channel_removed" || (removal !== null && event.type !== "notifications_removed");
  if (losesChannels && after.reminders.length > 0) return true;
  if ((!removal && event.type !== "channel_removed") || !after.hasMore) return false;
  if (after.notifications.length === 0) return true;
  // A message notifies a user once.
  if (removal?.message_id !== undefined && before.notifications.some((one) => isRemoved(one, removal))) return false;
  return hasUnreadBeyond(after);
}

export function showInbox(state: ClientState, page: InboxPage): ClientState {
  const { notifications, unread, has_more: hasMore } = page;
  const { reminders = [] } = page;
  const inbox = { ...state.inbox, notifications, unread, hasMore, reminders, loaded: true };
  return { ...state, inbox: withSetting(inbox, page.setting) };
}

/** Adds the page that follows the loaded notifications. The unread count is the one that the events have kept. */
export function addInboxPage(state: ClientState, page: InboxPage): ClientState {
  const notifications = [...state.inbox.notifications, ...page.notifications];
  return { ...state, inbox: { ...state.inbox, notifications, hasMore: page.has_more } };
}

/**
 * Ignores a notification that was removed already, because another node may have sent the removal sooner, and one older
 * than the loaded pages, which is in their count.
 */
function addNotification({ inbox, servers }: ClientState, notification: Notification): Inbox {
  if (inbox.hasMore && notification.id < (inbox.notifications.at(-1)?.id ?? 0)) return inbox;
  const isGone = (removal: Removal) =>
    isRemoved(notification, removal) && !(removal.isByMembership && servers[notification.server_id]);
  if (inbox.removals.some(isGone) || inbox.notifications.some((known) => known.id === notification.id)) return inbox;
  const notifications = [notification, ...inbox.notifications].toSorted((a, b) => b.id - a.id);
  return { ...inbox, notifications, unread: inbox.unread + (notification.is_read ? 0 : 1) };
}

function drop(inbox: Inbox, isGone: (one: Notification) => boolean): Inbox {
  const gone = inbox.notifications.filter(isGone);
  if (gone.length === 0) return inbox;
  const notifications = inbox.notifications.filter((one) => !isGone(one));
  return { ...inbox, notifications, unread: Math.max(0, inbox.unread - countUnread(gone)) };
}

function countUnread(notifications: readonly Notification[]): number {
  return notifications.filter((one) => !one.is_read).length;
}
