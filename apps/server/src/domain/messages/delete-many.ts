import { recordAction } from "../../store/queries/audit-log.ts";
import { messageIdsIn } from "../../store/queries/messages.ts";
import { channelCommand } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { deleteMessages } from "./delete-messages.ts";

/**
 * Deletes messages of a channel of a server, with one entry in the audit log; those that are gone or elsewhere are passed
 * over. Resolves once the deletions are durable. Throws `not_found`, `forbidden` or `rate_limited`.
 */
export async function deleteManyMessages(
  context: Pick<DomainContext, "store" | "clock" | "storage" | "rates">,
  actor: Actor,
  { channelId, messageIds }: { channelId: number; messageIds: readonly number[] },
): Promise<void> {
  const { store, clock } = context;
  const access = await channelCommand(context, actor, channelId, "manageMessages");
  const { serverId, channelName, isRestricted } = access;
  const present = await messageIdsIn(store.db, channelId, messageIds);
  if (present.length === 0) return;
  // Before the deletions: they may be done by halves, and must be known all the same.
  await recordAction(store.db, {
    serverId,
    actorId: actor.userId,
    action: "message_bulk_delete",
    at: clock.now(),
    channel: { id: channelId, isRestricted },
    subject: channelName,
    changes: [{ field: "count", before: null, after: present.length }],
  });
  await deleteMessages(context, actor.userId, present);
}
