import type { DeleteCommand, LogOutcome } from "../contract.ts";
import type { Draft } from "./log-batch.ts";
import { committed, noSuchMessage, refuse } from "./outcome.ts";

/** Leaves a tombstone: those who catch up must learn that the message is gone. */
export function decideDelete(draft: Draft, { actorId, messageId, at }: DeleteCommand): LogOutcome {
  const row = draft.message(messageId);
  const channel = row && draft.channel(row.channel_id);
  if (!channel) return noSuchMessage;
  const isAdmin = draft.isAdmin(actorId);
  if (!isAdmin && !draft.isMember(channel.server_id, actorId)) return noSuchMessage;
  if (row.author_id !== actorId && channel.owner_id !== actorId && !isAdmin) {
    return refuse("forbidden", "Only its author and the server's owner can delete a message.");
  }
  if (row.deleted_at !== null) return committed(channel);

  const unmentioned = draft.mentionsOf(messageId);
  const unmentionedEveryone = row.mentions_everyone === 1;
  draft.changeMessage(channel, row, { content: "", mentions_everyone: 0, deleted_at: at });
  draft.detachAll(messageId);
  draft.setMentions(row, []);
  draft.removeReactions(messageId, () => true);
  draft.retractNotifications(messageId, null);
  draft.retractEveryone(messageId);
  const data = { message_id: messageId, channel_id: channel.id, text_channel_id: channel.id };
  const event = { type: "message_deleted", channel_id: channel.id, seq: row.updated_seq, data } as const;
  return committed(channel, { event, unmentioned, unmentionedEveryone });
}
