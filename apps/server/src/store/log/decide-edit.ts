import type { EditCommand, LogOutcome } from "../contract.ts";
import type { Draft } from "./log-batch.ts";
import { mayMentionEveryone, namedMembers, notifyEveryone, notifyMentioned } from "./mentions.ts";
import { committed, noSuchMessage, refuse } from "./outcome.ts";
import { storable } from "./text.ts";

export function decideEdit(draft: Draft, command: EditCommand): LogOutcome {
  const { actorId, messageId, at } = command;
  const row = draft.message(messageId);
  const channel = row && draft.channel(row.channel_id);
  if (!channel || row.deleted_at !== null || !draft.isMember(channel.server_id, actorId)) return noSuchMessage;
  if (row.author_id !== actorId) return refuse("forbidden", "Only its author can edit a message.");
  const content = storable(command.content);
  if (content === row.content) return committed(channel, { message: draft.present(row) });
  if (content.trim() === "" && draft.attachmentsOf(messageId).length === 0) {
    return refuse("invalid_request", "The message would be empty.");
  }

  const everyone = command.mentionsEveryone && mayMentionEveryone(draft, channel, actorId);
  const wasEveryone = row.mentions_everyone === 1;
  const unmentionedEveryone = wasEveryone && !everyone;
  const notifiedEveryone = everyone && !wasEveryone;
  draft.changeMessage(channel, row, { content, mentions_everyone: everyone ? 1 : 0, edited_at: at });
  const before = new Set(draft.mentionsOf(messageId));
  const after = new Set(namedMembers(draft, channel, command, actorId));
  // Who is answered stays notified whatever the text says.
  const answeredId = draft.message(row.reply_to_id ?? 0)?.author_id ?? null;
  if (answeredId !== null && before.has(answeredId)) after.add(answeredId);
  draft.setMentions(row, [...after]);
  const unmentioned = [...before].filter((userId) => !after.has(userId));
  for (const userId of unmentioned) draft.retractNotifications(messageId, userId);
  if (unmentionedEveryone) draft.retractEveryone(messageId);
  // While the message still addresses everyone, a name added to it is no second notification.
  const isNotified = (userId: number) => before.has(userId) || (wasEveryone && everyone);
  const newcomers = [...after].filter((userId) => !isNotified(userId));
  const notified = notifyMentioned(draft, channel, row, { userIds: newcomers, answeredId: null, at });
  if (notifiedEveryone) notifyEveryone(draft, channel, row, at);

  const message = draft.present(row);
  const event = { type: "message_edited", channel_id: channel.id, seq: row.updated_seq, data: message } as const;
  return committed(channel, { event, message, notified, notifiedEveryone, unmentioned, unmentionedEveryone });
}
