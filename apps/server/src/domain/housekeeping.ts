import { deleteExpiredInvites } from "../store/queries/invites.ts";
import { deleteEndedSessions } from "../store/queries/sessions.ts";
import { sweepAttachments } from "./attachments/sweep.ts";
import type { DomainContext } from "./context.ts";
import { sweepNotifications } from "./notifications/sweep.ts";
import { every } from "../concurrency/every.ts";

const everyMs = 10 * 60_000;
/** Ended sessions and invites stay for a while, for whoever wonders what became of them. */
const keepMs = 7 * 24 * 3_600_000;

/** Clears away, now and then, what nobody can use any more. Answers how to stop. */
export function startHousekeeping(
  context: Pick<DomainContext, "store" | "clock" | "storage">,
  onError: (error: unknown) => void,
): () => void {
  return every(context.clock, { everyMs, work: () => sweep(context), onError });
}

async function sweep(context: Pick<DomainContext, "store" | "clock" | "storage">): Promise<void> {
  const { store, clock } = context;
  const before = clock.now() - keepMs;
  await deleteEndedSessions(store.db, before);
  await deleteExpiredInvites(store.db, before);
  await sweepNotifications(context);
  await sweepAttachments(context);
}
