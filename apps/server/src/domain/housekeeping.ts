import { deleteAuditEntriesBefore } from "../store/queries/audit-log.ts";
import { deleteBansBefore } from "../store/queries/bans.ts";
import { deleteInstanceLogBefore } from "../store/queries/instance.ts";
import { deleteExpiredInvites } from "../store/queries/invites.ts";
import { deleteTimeOutsBefore } from "../store/queries/members.ts";
import { deleteMailsBefore } from "../store/queries/mails.ts";
import { deleteEndedSessions, forgetAddresses } from "../store/queries/sessions.ts";
import { deleteExpiredVisits } from "../store/queries/identities.ts";
import { deleteExpiredSecrets } from "../store/queries/recovery.ts";
import { deleteSigningKeysReplacedBefore } from "../store/queries/signing-keys.ts";
import { signedTermMs } from "./accounts/signing-keys.ts";
import { sweepPushes } from "../store/queries/push.ts";
import { sweepAttachments } from "./attachments/sweep.ts";
import type { DomainContext } from "./context.ts";
import { sweepNotifications } from "./notifications/sweep.ts";
import { createPictureSweep } from "./pictures/sweep.ts";
import { sweepPreviews } from "./previews/sweep.ts";
import { resumePurges } from "./messages/purge-messages.ts";
import { deleteReportsClosedBefore } from "../store/queries/reports.ts";
import { keptDays } from "./kept-days.ts";
import { completeFormerServers } from "./servers/former-servers.ts";
import { eraseFromIndex } from "./search/erase.ts";
import { every } from "../concurrency/every.ts";

const everyMs = 10 * 60_000;
const eraseAttempts = 5;
const eraseAgainMs = 1_000;
/** Ended sessions and expired invites are kept this long, so that an operator can still look them up. */
const keepMs = keptDays.endedSessions * 24 * 3_600_000;
/** Longer than any mail is tried. */
const mailsMs = keptDays.mails * 24 * 3_600_000;
/** Who has not looked for so long needs no notification closed. */
const pushesMs = 30 * 24 * 3_600_000;

const claimName = "housekeeping";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "storage" | "cluster" | "settings">;

/**
 * Deletes expired data every ten minutes, and erases what was deleted since from the database's files. Of several nodes
 * one does this; when it is gone, the next that looks takes over. Returns the function that stops it; `onError`
 * receives failed rounds.
 */
export function startHousekeeping(context: Context, onError: (error: unknown) => void): () => void {
  const sweepPictures = createPictureSweep(context);
  return every(context.clock, { everyMs, work: () => sweep(context, sweepPictures), onError });
}

async function sweep(context: Context, sweepPictures: () => Promise<void>): Promise<void> {
  const { store, clock, cluster, storage, settings } = context;
  const before = clock.now() - keepMs;
  const steps = [
    () => deleteEndedSessions(store.db, before),
    () => forgetAddresses(store.db, clock.now() - settings.addressMs),
    () => deleteExpiredSecrets(store.db, clock.now()),
    () => deleteExpiredVisits(store.db, clock.now()),
    () => deleteExpiredInvites(store.db, before),
    () => deleteBansBefore(store.db, before),
    () => deleteTimeOutsBefore(store.db, before),
    () => deleteSigningKeysReplacedBefore(store.db, clock.now() - signedTermMs(settings)),
    () => deleteAuditEntriesBefore(store.db, clock.now() - settings.auditLogMs),
    () => deleteInstanceLogBefore(store.db, clock.now() - settings.auditLogMs),
    () => deleteReportsClosedBefore(store.db, clock.now() - settings.auditLogMs),
    () => deleteMailsBefore(store.db, clock.now() - mailsMs),
    () => sweepPushes(store.db, clock.now() - pushesMs),
    () => completeFormerServers(context),
    () => resumePurges(context),
    () => sweepNotifications(context),
    () => sweepPreviews(context),
    sweepPictures,
    () => sweepAttachments(context),
    () => eraseDeleted(context),
  ];
  const failures: unknown[] = [];
  // One that fails keeps none of the others from what they promise: texts are erased also while files cannot be removed.
  const take = (step: () => Promise<unknown>) => step().catch((error: unknown) => failures.push(error));
  // Received files lie on the disk of the node that received them.
  await take(() => storage.sweep());
  if ((await cluster.claim(claimName)) === cluster.nodeId) {
    // A node that was paused for long may no longer be the one.
    for (const step of steps) if (cluster.owns(claimName)) await take(step);
  }
  if (failures.length > 1) throw new AggregateError(failures, "Several steps failed.");
  if (failures.length === 1) throw failures[0];
}

/** A long read may hold the database's log open; then tries again. */
async function eraseDeleted({ store, clock }: Pick<DomainContext, "store" | "clock">): Promise<void> {
  await eraseFromIndex(store);
  for (let attempt = 1; !(await store.eraseDeleted()); attempt += 1) {
    if (attempt === eraseAttempts)
      throw new Error("Deleted data is still in the database's log: readers kept it open.");
    await new Promise<void>((resolve) => clock.setTimeout(resolve, eraseAgainMs));
  }
}
