import type { Logger } from "pino";
import type { DomainContext } from "./domain/context.ts";
import { startHousekeeping } from "./domain/housekeeping.ts";
import { createPublisher } from "./domain/messages/publish-committed.ts";

/**
 * Starts what belongs to the store rather than to a client's request: publishing what the log commits, and housekeeping.
 * Returns the function that stops it.
 */
export function startDuties(
  context: Pick<DomainContext, "store" | "bus" | "cluster" | "clock" | "storage" | "unread" | "settings">,
  logger: Logger,
): () => void {
  const logError = (message: string) => (error: unknown) => logger.error({ err: error }, message);
  const publisher = createPublisher(context, logError("publishing a message failed"));
  context.store.log.onCommitted((outcome, command) => publisher.committed(outcome, command));
  const stopHousekeeping = startHousekeeping(context, logError("housekeeping failed"));
  return () => {
    stopHousekeeping();
    publisher.stop();
  };
}
