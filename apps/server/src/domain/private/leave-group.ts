import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { deleteChannel } from "../../store/queries/channels.ts";
import * as privates from "../../store/queries/private-channels.ts";
import type { Tables } from "../../store/schema.ts";
import { removeDeletedFiles } from "../attachments/remove-files.ts";
import type { Actor, DomainContext } from "../context.ts";
import { publish, sendControl } from "../publish.ts";
import { announcePeers } from "./announce-peers.ts";
import { endRings } from "./calls.ts";
import { announceUpdated, requireGroup } from "./dms.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates" | "presence" | "storage">;

/**
 * Leaves a group, or removes somebody from it as its owner. An owner who leaves is followed by whoever has been in it for
 * longest; with the last one the group goes, its messages and files too. Nothing happens when they are not in it any more.
 * Throws `not_found`, `forbidden` or `invalid_request`.
 */
export async function removeFromGroup(
  context: Context,
  actor: Actor,
  channelId: number,
  userId: number,
): Promise<void> {
  await context.rates.changes.spend(actor.userId);
  await requireGroup(context, actor, channelId);
  await takeOutOfGroup(context, actor, channelId, userId);
}

/** `removeFromGroup` as part of a command that has checked the rights. */
export async function takeOutOfGroup(
  context: Pick<DomainContext, "store" | "bus" | "clock" | "storage">,
  actor: Actor,
  channelId: number,
  userId: number,
): Promise<void> {
  const { db } = context.store;
  const before = await db.transaction().execute((trx) => remove(trx, actor, channelId, userId));
  if (before === null) return;
  // First to the user: the control message ends the subscription to the channel.
  publish(context, `user:${userId}`, { type: "channel_removed", server_id: null, channel_id: channelId });
  // On all nodes, because one may be the home of a call that the user has lost the connection to.
  for (const topic of [`user:${userId}`, "rights"] as const) {
    sendControl(context, topic, { type: "recipient_removed", userId, channelId });
  }
  await endRings(context, { channelId, userId });
  announcePeers(context, before);
  if (before.length > 1) {
    await announceUpdated(context, channelId);
    return;
  }
  await deleteChannel(db, channelId);
  await removeDeletedFiles(context);
}

/** Returns who was in the group; null when there was nothing to do. */
async function remove(db: Kysely<Tables>, actor: Actor, channelId: number, userId: number): Promise<number[] | null> {
  const group = await privates.lockGroup(db, channelId);
  const people = await privates.recipientIds(db, channelId);
  const isLeaving = userId === actor.userId;
  if (!group || !people.includes(actor.userId)) {
    // Another command of theirs was first.
    if (isLeaving) return null;
    throw new AppError("not_found", "There is no such channel.");
  }
  if (!isLeaving && group.owner_id !== actor.userId) {
    throw new AppError("forbidden", "Only its owner removes others from a group.");
  }
  if (!people.includes(userId)) return null;
  await privates.removeRecipient(db, channelId, userId);
  return people;
}
