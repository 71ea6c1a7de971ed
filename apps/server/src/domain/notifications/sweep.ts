import {
  deleteOldNotifications,
  keepNewestNotifications,
  peopleWithMoreNotifications,
} from "../../store/queries/notifications.ts";
import type { DomainContext } from "../context.ts";

const keepMs = 90 * 24 * 3_600_000;
const keptPerUser = 1_000;
/** Rows deleted by one statement, so that other writers get their turn in between. */
const atOnce = 500;

/** Deletes notifications older than 90 days, and all but the newest 1,000 of each user. Their messages stay. */
export async function sweepNotifications({ store, clock }: Pick<DomainContext, "store" | "clock">): Promise<void> {
  const before = clock.now() - keepMs;
  while ((await deleteOldNotifications(store.db, before, atOnce)) === atOnce);
  for (const userId of await peopleWithMoreNotifications(store.db, keptPerUser)) {
    await keepNewestNotifications(store.db, userId, keptPerUser);
  }
}
