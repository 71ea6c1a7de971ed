import { limits, type Inbox } from "@miscord/protocol";
import { notificationPage, unreadNotifications } from "../../store/queries/notifications.ts";
import type { Actor, DomainContext } from "../context.ts";

/** A page of the actor's notifications, newest first; with `before`, only those with a lower id. */
export async function inbox(
  { store }: Pick<DomainContext, "store">,
  { userId }: Actor,
  { before }: { before?: number | undefined },
): Promise<Inbox> {
  const [page, unread] = await Promise.all([
    notificationPage(store.db, userId, { before, limit: limits.pageSize + 1 }),
    unreadNotifications(store.db, userId),
  ]);
  return { notifications: page.slice(0, limits.pageSize), unread, has_more: page.length > limits.pageSize };
}
