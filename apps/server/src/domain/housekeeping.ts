import { deleteExpiredInvites } from "../store/queries/invites.ts";
import { deleteEndedSessions } from "../store/queries/sessions.ts";
import { deleteSigningKeysReplacedBefore } from "../store/queries/signing-keys.ts";
import { signedTermMs } from "./accounts/signing-keys.ts";
import { sweepAttachments } from "./attachments/sweep.ts";
import type { DomainContext } from "./context.ts";
import { sweepNotifications } from "./notifications/sweep.ts";
import { every } from "../concurrency/every.ts";

const everyMs = 10 * 60_000;
const eraseAttempts = 5;
const eraseAgainMs = 1_000;
/** Ended sessions and expired invites are kept this long, so that an operator can still look them up. */
const keepMs = 7 * 24 * 3_600_000;

/**
 * Deletes expired data every ten minutes, and erases what was deleted since from the database's files. Returns the function that stops it;
 * `onError` receives failed rounds.
 */
export function startHousekeeping(
  context: Pick<DomainContext, "store" | "clock" | "storage" | "settings">,
  onError: (error: unknown) => void,
): () => void {
  return every(context.clock, { everyMs, work: () => sweep(context), onError });
}

async function sweep(context: Pick<DomainContext, "store" | "clock" | "storage" | "settings">): Promise<void> {
  const { store, clock } = context;
  const before = clock.now() - keepMs;
  await deleteEndedSessions(store.db, before);
  await deleteExpiredInvites(store.db, before);
  await deleteSigningKeysReplacedBefore(store.db, clock.now() - signedTermMs(context.settings));
  await sweepNotifications(context);
  await sweepAttachments(context);
  await eraseDeleted(context);
}

/** A long read may hold the database's log open; then tries again. */
async function eraseDeleted({ store, clock }: Pick<DomainContext, "store" | "clock">): Promise<void> {
  for (let attempt = 1; !(await store.eraseDeleted()); attempt += 1) {
    if (attempt === eraseAttempts)
      throw new Error("Deleted data is still in the database's log: readers kept it open.");
    await new Promise<void>((resolve) => clock.setTimeout(resolve, eraseAgainMs));
  }
}
