import {
  deleteOldNotifications,
  keepNewestNotifications,
  peopleWithMoreNotifications,
} from "../../store/queries/notifications.ts";
import type { DomainContext } from "../context.ts";
import { keptDays } from "../kept-days.ts";
import { publishRemoved } from "./take-back.ts";

const keepMs = keptDays.notifications * 24 * 3_600_000;
/** Rows deleted by one statement, so that other writers get their turn in between. */
const atOnce = 500;

type Context = Pick<DomainContext, "store" | "bus" | "clock">;

/** Deletes notifications older than 90 days, and all but the newest 1,000 of each user. Their messages stay. */
export async function sweepNotifications(context: Context): Promise<void> {
  const { store, clock } = context;
  const before = clock.now() - keepMs;
  for (let count = atOnce; count === atOnce;) {
    const deleted = await deleteOldNotifications(store.db, before, atOnce);
    publishRemoved(context, deleted.userIds, { before_id: deleted.beforeId });
    ({ count } = deleted);
  }
  for (const userId of await peopleWithMoreNotifications(store.db)) {
    const beforeId = await keepNewestNotifications(store.db, userId, atOnce);
    if (beforeId !== null) publishRemoved(context, [userId], { before_id: beforeId });
  }
}
