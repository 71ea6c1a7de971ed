import type { DeleteCommand, LogOutcome } from "../contract.ts";
import type { LogBatch } from "./log-batch.ts";
import { committed, noSuchMessage, refuse } from "./outcome.ts";

/** Leaves a tombstone, so that clients that were offline learn of the deletion. */
export function decideDelete(batch: LogBatch, { actorId, messageId, at }: DeleteCommand): LogOutcome {
  const row = batch.message(messageId);
  const channel = row && batch.channel(row.channel_id);
  if (!channel) return noSuchMessage;
  const isAdmin = batch.isAdmin(actorId);
  if (!isAdmin && !batch.isMember(channel.server_id, actorId)) return noSuchMessage;
  if (row.author_id !== actorId && channel.owner_id !== actorId && !isAdmin) {
    return refuse("forbidden", "Only its author and the server's owner can delete a message.");
  }
  if (row.deleted_at !== null) return committed(channel);

  const unmentioned = batch.mentionsOf(messageId);
  const unmentionedEveryone = row.mentions_everyone === 1;
  batch.changeMessage(channel, row, { content: "", mentions_everyone: 0, deleted_at: at });
  batch.detachAll(messageId);
  batch.setMentions(row, []);
  batch.removeReactions(messageId, () => true);
  batch.retractNotifications(messageId, null);
  const data = { message_id: messageId, channel_id: channel.id, text_channel_id: channel.id };
  const event = { type: "message_deleted", channel_id: channel.id, seq: row.updated_seq, data } as const;
  return committed(channel, { event, unmentioned, unmentionedEveryone });
}
