import * as queries from "../../store/queries/notifications.ts";
import type { Actor, DomainContext } from "../context.ts";
import { publish } from "../publish.ts";

const idsPerEvent = 500;

/** Own ones. Tells all devices of the person. */
export async function markNotificationsRead(
  context: Pick<DomainContext, "store" | "bus" | "clock">,
  { userId }: Actor,
  filter: queries.NotificationFilter,
): Promise<void> {
  if (!(await queries.hasUnreadNotifications(context.store.db, userId, filter))) return;
  const changed = await queries.markNotificationsRead(context.store.db, userId, filter, context.clock.now());
  const tell = (ids: number[] | null) => publish(context, `user:${userId}`, { type: "notifications_read", ids });
  if (filter === "all") return tell(null);
  for (let start = 0; start < changed.length; start += idsPerEvent) tell(changed.slice(start, start + idsPerEvent));
}
