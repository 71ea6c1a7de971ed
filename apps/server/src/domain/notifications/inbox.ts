import { limits, type Inbox } from "@miscord/protocol";
import { accountSetting } from "../../store/queries/notification-levels.ts";
import { inboxPage } from "../../store/queries/notifications.ts";
import { remindersOf } from "../../store/queries/saved-messages.ts";
import type { Actor, DomainContext } from "../context.ts";

/** A page of the actor's notifications, newest first; with `before`, only those with a lower id. */
export async function inbox(
  { store }: Pick<DomainContext, "store">,
  { userId }: Actor,
  { before }: { before?: number | undefined },
): Promise<Inbox> {
  const [page, setting, reminders] = await Promise.all([
    inboxPage(store.db, userId, { before, limit: limits.pageSize + 1 }),
    accountSetting(store.db, userId),
    before === undefined ? remindersOf(store.db, userId, limits.pageSize) : [],
  ]);
  const notifications = page.notifications.slice(0, limits.pageSize);
  const has_more = page.notifications.length > limits.pageSize;
  return {
    notifications,
    unread: page.unread,
    has_more,
    ...(setting && { setting }),
    ...(reminders.length > 0 && { reminders }),
  };
}
