import type { ToldAlert } from "../../store/push-tables.ts";
import { insertAlertMails, insertAlertPushes } from "../../store/queries/alerts.ts";
import type { DomainContext } from "../context.ts";

/** Ways to tell administrators of something. */
export type AdminChannel = "mail" | "push";

/** Puts it into the outboxes for all administrators: on all of these ways or, when it rejects, on none. */
export async function tellAdmins(
  { store, clock }: Pick<DomainContext, "store" | "clock">,
  channels: readonly AdminChannel[],
  alert: ToldAlert,
): Promise<void> {
  await store.db.transaction().execute(async (db) => {
    const { key: _, ...mailed } = alert;
    if (channels.includes("mail")) await insertAlertMails(db, JSON.stringify(mailed), clock.now());
    if (channels.includes("push")) await insertAlertPushes(db, alert, clock.now());
  });
}
