import {
  deleteOldNotifications,
  keepNewestNotifications,
  peopleWithMoreNotifications,
} from "../../store/queries/notifications.ts";
import type { DomainContext } from "../context.ts";

const keepMs = 90 * 24 * 3_600_000;
const keptPerPerson = 1_000;
const atOnce = 500;

/** Notices are for catching up: what is old, or far down, goes. The messages that they point at stay. */
export async function sweepNotifications({ store, clock }: Pick<DomainContext, "store" | "clock">): Promise<void> {
  const before = clock.now() - keepMs;
  while ((await deleteOldNotifications(store.db, before, atOnce)) === atOnce);
  for (const userId of await peopleWithMoreNotifications(store.db, keptPerPerson)) {
    await keepNewestNotifications(store.db, userId, keptPerPerson);
  }
}
