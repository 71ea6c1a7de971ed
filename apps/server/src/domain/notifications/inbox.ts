import { limits, type Inbox } from "@miscord/protocol";
import { accountSetting } from "../../store/queries/notification-levels.ts";
import { notificationPage, unreadNotifications } from "../../store/queries/notifications.ts";
import { snapshot } from "../../store/queries/snapshot.ts";
import type { Actor, DomainContext } from "../context.ts";

/** A page of the actor's notifications, newest first; with `before`, only those with a lower id. */
export async function inbox(
  { store }: Pick<DomainContext, "store">,
  { userId }: Actor,
  { before }: { before?: number | undefined },
): Promise<Inbox> {
  // Of one snapshot: a client counts what comes after the page on top of `unread`.
  const { page, unread, setting } = await snapshot(store.db, async (at) => ({
    page: await notificationPage(at, userId, { before, limit: limits.pageSize + 1 }),
    unread: await unreadNotifications(at, userId),
    setting: await accountSetting(at, userId),
  }));
  const notifications = page.slice(0, limits.pageSize);
  return { notifications, unread, has_more: page.length > limits.pageSize, ...(setting && { setting }) };
}
