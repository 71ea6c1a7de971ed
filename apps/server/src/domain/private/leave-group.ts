import { AppError } from "../../errors.ts";
import { deleteChannel } from "../../store/queries/channels.ts";
import * as privates from "../../store/queries/private-channels.ts";
import { removeDeletedFiles } from "../attachments/remove-files.ts";
import type { Actor, DomainContext } from "../context.ts";
import { publish, sendControl } from "../publish.ts";
import { announcePeers } from "./announce-peers.ts";
import { announceUpdated, requireGroup } from "./dms.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates" | "presence" | "storage">;

/**
 * Leaves a group, or removes somebody from it as its owner. An owner who leaves is followed by whoever has been in it for
 * longest; with the last one the group goes, its messages and files too. Throws `not_found`, `forbidden` or
 * `invalid_request`.
 */
export async function removeFromGroup(
  context: Context,
  actor: Actor,
  channelId: number,
  userId: number,
): Promise<void> {
  await context.rates.changes.spend(actor.userId);
  const { owner_id: ownerId } = await requireGroup(context, actor, channelId);
  if (userId !== actor.userId && ownerId !== actor.userId) {
    throw new AppError("forbidden", "Only its owner removes others from a group.");
  }
  const { db } = context.store;
  const before = await privates.recipientIds(db, channelId);
  if (!before.includes(userId)) throw new AppError("not_found", "They are not in this group.");
  const left = await db.transaction().execute((trx) => privates.removeRecipient(trx, channelId, userId));
  // First to the user: the control message ends the subscription to the channel.
  publish(context, `user:${userId}`, { type: "channel_removed", server_id: null, channel_id: channelId });
  sendControl(context, `user:${userId}`, { type: "recipient_removed", userId, channelId });
  await announcePeers(context, before);
  if (left > 0) {
    await announceUpdated(context, channelId);
    return;
  }
  await deleteChannel(db, channelId);
  await removeDeletedFiles(context);
}
