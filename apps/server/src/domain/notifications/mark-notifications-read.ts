import * as queries from "../../store/queries/notifications.ts";
import { closePushes } from "../../store/queries/push.ts";
import type { Actor, DomainContext } from "../context.ts";
import { publish } from "../publish.ts";

const idsPerEvent = 500;

/**
 * Marks the actor's notifications as read and publishes their ids to all of the actor's connections: a client may learn
 * of a notification, told by another node, only after it was marked.
 */
export async function markNotificationsRead(
  context: Pick<DomainContext, "store" | "bus" | "clock">,
  { userId }: Actor,
  filter: queries.NotificationFilter,
): Promise<void> {
  if (!(await queries.hasUnreadNotifications(context.store.db, userId, filter))) return;
  const changed = await queries.markNotificationsRead(context.store.db, userId, filter, context.clock.now());
  for (let start = 0; start < changed.length; start += idsPerEvent) {
    const ids = changed.slice(start, start + idsPerEvent);
    await closePushes(context.store.db, { userId, notificationIds: ids }, context.clock.now());
    publish(context, `user:${userId}`, { type: "notifications_read", ids });
  }
}
