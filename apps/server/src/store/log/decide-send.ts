import { limits } from "@miscord/protocol";
import type { LogOutcome, Refused, SendCommand } from "../contract.ts";
import type { AttachmentRow, MessageRow } from "../schema.ts";
import type { Draft } from "./log-batch.ts";
import { mayMentionEveryone, namedMembers, notifyEveryone, notifyMentioned } from "./mentions.ts";
import { committed, noSuchChannel, refuse } from "./outcome.ts";
import { fingerprint, isStorable, storable } from "./text.ts";
import type { ChannelFacts } from "./transaction.ts";

export function decideSend(draft: Draft, command: SendCommand): LogOutcome {
  const channel = draft.channel(command.channelId);
  if (!channel || !draft.isMember(channel.server_id, command.authorId)) return noSuchChannel;
  if (channel.type !== "text") return refuse("invalid_request", "Messages can be sent to text channels only.");
  // Before all that the first sending may have used up: its attachments, or a reply target deleted since.
  const earlier = command.nonce === null ? undefined : draft.messageByNonce(command.authorId, command.nonce);
  if (earlier) return repeat(draft, channel, command, earlier);

  const parts = checkParts(draft, command);
  if ("ok" in parts) return parts;
  return send(draft, channel, command, parts);
}

function repeat(draft: Draft, channel: ChannelFacts, command: SendCommand, earlier: MessageRow): LogOutcome {
  if (earlier.fingerprint === fingerprint(command)) return committed(channel, { message: draft.present(earlier) });
  return refuse("nonce_conflict", "This nonce was used for another message.");
}

interface Parts {
  attachments: AttachmentRow[];
  answered: MessageRow | null;
}

function checkParts(draft: Draft, command: SendCommand): Parts | Refused {
  const { attachmentIds, authorId, channelId, content, nonce, replyToId } = command;
  if (nonce !== null && !isStorable(nonce)) return refuse("invalid_request", "The nonce holds impossible characters.");
  if (content.trim() === "" && attachmentIds.length === 0) return refuse("invalid_request", "The message is empty.");
  const answered = replyToId === null ? null : draft.message(replyToId);
  if (answered === undefined || (answered && (answered.channel_id !== channelId || answered.deleted_at !== null))) {
    return refuse("not_found", "The message to reply to is gone.");
  }
  const attachments = new Set(attachmentIds.map((id) => draft.attachment(id)));
  const usable = [...attachments].filter((row) => row?.uploader_id === authorId && row.message_id === null);
  if (usable.length < attachmentIds.length || usable.length > limits.attachmentsPerMessage) {
    return refuse("invalid_request", "An attachment does not exist or is already used.");
  }
  return { answered, attachments: usable.filter((row) => row !== undefined) };
}

function send(draft: Draft, channel: ChannelFacts, command: SendCommand, parts: Parts): LogOutcome {
  const { authorId, nonce, at } = command;
  const everyone = command.mentionsEveryone && mayMentionEveryone(draft, channel, authorId);
  const row = draft.addMessage(channel, {
    author_id: authorId,
    content: storable(command.content),
    nonce,
    fingerprint: nonce === null ? null : fingerprint(command),
    reply_to_id: parts.answered?.id ?? null,
    mentions_everyone: everyone ? 1 : 0,
    created_at: at,
    edited_at: null,
    deleted_at: null,
  });
  draft.attach(row.id, parts.attachments);
  const answeredId = whomItAnswers(draft, channel, authorId, parts.answered);
  const userIds = new Set(namedMembers(draft, channel, command, authorId));
  if (answeredId !== null) userIds.add(answeredId);
  draft.setMentions(row, [...userIds]);
  const notified = notifyMentioned(draft, channel, row, { userIds, answeredId, at });
  if (everyone) notifyEveryone(draft, channel, row, at);
  const message = draft.present(row);
  const event = { type: "new_message", channel_id: channel.id, seq: row.seq, data: message } as const;
  return committed(channel, { event, message, notified, notifiedEveryone: everyone });
}

function whomItAnswers(
  draft: Draft,
  channel: ChannelFacts,
  authorId: number,
  answered: MessageRow | null,
): number | null {
  if (!answered || answered.author_id === authorId) return null;
  return draft.isMember(channel.server_id, answered.author_id) ? answered.author_id : null;
}
