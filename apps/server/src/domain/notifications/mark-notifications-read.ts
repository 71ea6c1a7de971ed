import * as queries from "../../store/queries/notifications.ts";
import type { Actor, DomainContext } from "../context.ts";
import { publish } from "../publish.ts";

/** Own ones; `null` means all. Tells all devices of the person. */
export async function markNotificationsRead(
  context: Pick<DomainContext, "store" | "bus" | "clock">,
  { userId }: Actor,
  ids: readonly number[] | null,
): Promise<void> {
  const changed = await queries.markNotificationsRead(context.store.db, userId, ids, context.clock.now());
  if (changed.length === 0) return;
  publish(context, `user:${userId}`, { type: "notifications_read", ids: ids === null ? null : changed });
}
