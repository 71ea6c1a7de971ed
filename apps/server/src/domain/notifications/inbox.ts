import { limits, type Inbox } from "@miscord/protocol";
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
  const { page, unread } = await snapshot(store.db, async (at) => ({
    page: await notificationPage(at, userId, { before, limit: limits.pageSize + 1 }),
    unread: await unreadNotifications(at, userId),
  }));
  return { notifications: page.slice(0, limits.pageSize), unread, has_more: page.length > limits.pageSize };
}
