import { checkDeleteMessage } from "@miscord/rights";
import type { DeleteCommand, LogOutcome } from "../contract.ts";
import { isEncryptionLine, webhookParts } from "../present-message.ts";
import type { LogBatch } from "./log-batch.ts";
import { groupsOf } from "./mentions.ts";
import { committed, noSuchMessage, refusalOf, refuse } from "./outcome.ts";

/** Leaves a tombstone, so that clients that were offline learn of the deletion. */
export function decideDelete(batch: LogBatch, { actorId, messageId, isPart = false, at }: DeleteCommand): LogOutcome {
  const row = batch.message(messageId);
  const channel = row && batch.channel(row.channel_id);
  if (!channel) return noSuchMessage;
  const verdict = isPart ? "allowed" : checkDeleteMessage(batch.rights.access(channel, actorId), row.author_id);
  const refusal = refusalOf(verdict, noSuchMessage, "Only its author and the server's owner can delete a message.");
  if (refusal) return refusal;
  if (row.deleted_at !== null) return committed(channel);
  if (!isPart && isEncryptionLine(row.call_ms)) return refuse("forbidden", "This line stays: it says what holds.");

  const unmentioned = batch.mentionsOf(messageId);
  const unmentionedEveryone = groupsOf(row).everyone;
  const unaddressed = unmentionedEveryone ? [] : batch.groupMentionsOf(messageId);
  const sent = webhookParts(row);
  // The name stays: replies to the message show it, before and after.
  const webhook = sent && JSON.stringify({ name: sent.name, ...(sent.picture && { picture: sent.picture }) });
  const blank = { content: "", fingerprint: null, mentions_everyone: 0, mention_roles: null, pinned_at: null, webhook };
  batch.changeMessage(channel, row, {
    ...blank,
    previews: null,
    sticker: null,
    files_removed: 0,
    voice_ms: null,
    deleted_at: at,
  });
  const removedFiles = batch.removeAttachments(messageId);
  batch.setMentions(row, []);
  batch.removeReactions(messageId, () => true);
  batch.polls.remove(messageId);
  batch.texts.remove(messageId);
  batch.retractNotifications(messageId, null);
  batch.retractEveryone(messageId);
  if (row.author_id !== actorId && !isPart) {
    batch.recordAction(channel, {
      actorId,
      action: "message_delete",
      at,
      userId: row.author_id,
      subject: channel.name,
    });
  }
  const data = { message_id: messageId, channel_id: channel.id, text_channel_id: channel.id };
  const event = { type: "message_deleted", channel_id: channel.id, seq: row.updated_seq, data } as const;
  const recipients = batch.rights.recipients(channel, actorId);
  return committed(channel, { event, recipients, unmentioned, unmentionedEveryone, unaddressed, removedFiles });
}
