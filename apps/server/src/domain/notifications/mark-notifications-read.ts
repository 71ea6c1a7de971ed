import * as queries from "../../store/queries/notifications.ts";
import type { Actor, DomainContext } from "../context.ts";
import { publish } from "../publish.ts";

const idsPerEvent = 500;

/** Marks the actor's notifications as read and publishes that to all of their connections. */
export async function markNotificationsRead(
  context: Pick<DomainContext, "store" | "bus" | "clock">,
  { userId }: Actor,
  filter: queries.NotificationFilter,
): Promise<void> {
  if (!(await queries.hasUnreadNotifications(context.store.db, userId, filter))) return;
  const changed = await queries.markNotificationsRead(context.store.db, userId, filter, context.clock.now());
  const publishRead = (ids: number[] | null) => publish(context, `user:${userId}`, { type: "notifications_read", ids });
  if (filter === "all") return publishRead(null);
  for (let start = 0; start < changed.length; start += idsPerEvent)
    publishRead(changed.slice(start, start + idsPerEvent));
}
