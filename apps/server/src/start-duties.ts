import type { Logger } from "pino";
import type { DomainContext } from "./domain/context.ts";
import type { DueWork } from "./domain/due-work/due-work.ts";
import { startHousekeeping } from "./domain/housekeeping.ts";
import { startGiving } from "./domain/imports/give-written.ts";
import { startExports } from "./domain/personal-data/make-exports.ts";
import { startDeletions } from "./domain/personal-data/remove-account.ts";
import { startRetention } from "./domain/retention/start-retention.ts";
import type { PrivateCalls } from "./domain/ports.ts";
import { createPublisher } from "./domain/messages/publish-committed.ts";
import { watchCalls, watchRings } from "./domain/private/end-rings.ts";
import { startIndexing } from "./domain/search/indexer.ts";

/**
 * Starts what belongs to the store rather than to a client's request: publishing what the log commits, indexing it
 * for search, ending rings, housekeeping, making exports, removing accounts and what is older than it is kept. Returns the
 * function that stops it.
 */
export function startDuties(
  context: Pick<DomainContext, "store" | "bus" | "cluster" | "clock" | "storage" | "unread" | "settings"> &
    PrivateCalls,
  due: DueWork,
  logger: Logger,
): () => void {
  const logError = (message: string) => (error: unknown) => logger.error({ err: error }, message);
  const publisher = createPublisher(context, logError("publishing a message failed"));
  context.store.log.onCommitted((outcome, command) => publisher.committed(outcome, command));
  const stopHousekeeping = startHousekeeping(context, logError("housekeeping failed"));
  const stopGiving = startGiving(context, logError("giving what an imported author wrote failed"));
  const stopExports = startExports(context, due, logError("making an export failed"));
  const stopDeletions = startDeletions(context, due, logError("removing an account failed"));
  const stopRings = watchRings(context, due, logError("ending rings failed"));
  const stopCalls = watchCalls(context, logError("ending abandoned calls failed"));
  const stopRetention = startRetention(context, {
    onRemoved: (removed) => logger.info(removed, "removed what was older than it is kept"),
    onError: logError("removing what is too old failed"),
  });
  const stopIndexing = startIndexing(context, logError("indexing for search failed"));
  return () => {
    stopIndexing();
    stopRetention();
    stopRings();
    stopCalls();
    stopDeletions();
    stopExports();
    stopGiving();
    stopHousekeeping();
    publisher.stop();
  };
}
