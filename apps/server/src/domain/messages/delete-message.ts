import { removeFiles } from "../attachments/remove-files.ts";
import type { Actor, DomainContext } from "../context.ts";
import { requireCommitted } from "./require-committed.ts";

/**
 * Deletes a message, for its author, the server's owner and administrators. Resolves once the deletion is durable; its
 * files are gone too, unless the storage fails or takes long. Throws `not_found`, `forbidden` or `rate_limited`.
 */
export async function deleteMessage(
  context: Pick<DomainContext, "store" | "rates" | "clock" | "storage">,
  { userId }: Actor,
  { messageId }: { messageId: number },
): Promise<void> {
  const { store, rates, clock } = context;
  const spent = rates.changes.spend(userId);
  // Awaiting nothing would still give up this command's turn.
  if (spent) await spent;
  const outcome = await store.log.commit({ kind: "delete", actorId: userId, messageId, at: clock.now() });
  await removeFiles(context, requireCommitted(outcome).removedFiles);
}
