import type { Locale } from "@miscord/protocol";
import { insertAlertMails } from "../../store/queries/mails.ts";
import { insertAlertPushes } from "../../store/queries/push.ts";
import type { DomainContext } from "../context.ts";

/** Ways to tell administrators of something. */
export type AdminChannel = "mail" | "push";

export interface AdminAlert {
  /** What has the same key takes the place of the former on a device. */
  readonly key: string;
  readonly path: string;
  readonly title: Readonly<Record<Locale, string>>;
  readonly text: Readonly<Record<Locale, string>>;
}

/** Puts it into the outboxes for all administrators: on all of these ways or, when it rejects, on none. */
export async function tellAdmins(
  { store, clock }: Pick<DomainContext, "store" | "clock">,
  channels: readonly AdminChannel[],
  alert: AdminAlert,
): Promise<void> {
  await store.db.transaction().execute(async (db) => {
    const { key: _, ...mailed } = alert;
    if (channels.includes("mail")) await insertAlertMails(db, JSON.stringify(mailed), clock.now());
    if (channels.includes("push")) await insertAlertPushes(db, alert, clock.now());
  });
}
