import { limits, type Sticker } from "@miscord/protocol";
import { bypassesSlowMode, can, checkInChannel, type AccessFacts } from "@miscord/rights";
import { isVisible } from "@miscord/text";
import type { AutomodMatch, LogOutcome, Refused, SendCommand } from "../contract.ts";
import type { AttachmentRow, MessageRow } from "../schema.ts";
import { isEncryptionLine, unencrypted, voiceMsOf } from "../present-message.ts";
import { isStorable, storable } from "../storable.ts";
import { refusalBy } from "./automod.ts";
import { newPoll } from "./decide-vote.ts";
import type { LogBatch } from "./log-batch.ts";
import { rightsHolderOf } from "./facts.ts";
import { addressedGroups, groupColumns, isAnyGroup, namedMembers, notifyGroups, notifyMentioned } from "./mentions.ts";
import { committed, noSuchChannel, notAccepted, notYet, refuse } from "./outcome.ts";
import { fingerprint, webhookColumn } from "./text.ts";
import type { ChannelFacts } from "./transaction.ts";

const withoutMessages: ReadonlySet<string> = new Set(["voice", "stage", "category", "forum"]);

export function decideSend(batch: LogBatch, command: SendCommand): LogOutcome {
  const channel = batch.channel(command.channelId);
  if (!channel) return noSuchChannel;
  const holderId = rightsHolderOf(command);
  if (channel.type === "post" && channel.last_message_seq === 0 && !command.opensPost) return noSuchChannel;
  const access = command.opensPost
    ? batch.rights.accessInForum(channel, holderId)
    : batch.rights.access(channel, holderId);
  if (command.webhook && !can(access, "manageWebhooks")) return noSuchChannel;
  const verdict = checkInChannel(access, "sendMessages");
  if (verdict === "hidden") return noSuchChannel;
  if (verdict === "forbidden") {
    return refuse("forbidden", notAccepted(channel) ?? whyNot(batch, channel, holderId));
  }
  if (withoutMessages.has(channel.type)) {
    return refuse("invalid_request", "Messages can be sent to text channels only.");
  }
  // Before the checks that a repeat would fail: its attachments are used now, and its reply target may be deleted.
  const earlier = command.nonce === null ? undefined : batch.messageByNonce(command.authorId, command.nonce);
  if (earlier) return repeat(batch, channel, command, earlier);

  const held = batch.rights.heldBack(channel, holderId);
  if (held) return notYet(held, command.at);
  const parts = checkParts(batch, command, { ...access, serverId: channel.server_id });
  if ("ok" in parts) return parts;
  const isSlowed = !command.webhook && !bypassesSlowMode(access);
  const waitMs = isSlowed ? batch.slowMode.nextSendAt(channel, command.authorId) - command.at : 0;
  if (waitMs > 0) return { ...refuse("rate_limited", "Slow mode: write again later."), retryAfterMs: waitMs };
  const whole = withAllTexts(command);
  const met = batch.automod.check(channel, access, whole);
  const blocked = refusalBy(met);
  if (blocked) return blocked;
  if (isSlowed) batch.slowMode.countSend(channel, command.authorId, command.at);
  batch.automod.countSend(channel, whole);
  return send(batch, channel, command, parts, met);
}

function whyNot(batch: LogBatch, channel: ChannelFacts, userId: number): string {
  return batch.rights.isHeld(channel, userId)
    ? "For now you may only read here: you are timed out, or the server holds newcomers back."
    : "You may not send messages in this channel.";
}

function repeat(batch: LogBatch, channel: ChannelFacts, command: SendCommand, earlier: MessageRow): LogOutcome {
  if (isRepeat(command, earlier)) return committed(channel, { message: batch.present(earlier) });
  return refuse("nonce_conflict", "This nonce was used for another message.");
}

/** Once the message was edited or deleted, there is no digest of the text that was sent. */
function isRepeat(command: SendCommand, earlier: MessageRow): boolean {
  if (earlier.edited_at === null && earlier.deleted_at === null) return earlier.fingerprint === fingerprint(command);
  return earlier.channel_id === command.channelId && earlier.reply_to_id === command.replyToId;
}

/** Answers of a poll, and what is forwarded, are text like the message's own. */
function withAllTexts(command: SendCommand): SendCommand {
  const { content, poll, forwarded } = command;
  if (!poll && !forwarded) return command;
  const texts = [content, ...(poll?.answers ?? []), ...(forwarded ? [forwarded.content] : [])];
  return { ...command, content: texts.filter(Boolean).join("\n") };
}

interface Parts {
  attachments: AttachmentRow[];
  answered: MessageRow | null;
  sticker: Sticker | null;
}

type Place = AccessFacts & { serverId: number | null };

function checkParts(batch: LogBatch, command: SendCommand, access: Place): Parts | Refused {
  const { attachmentIds, channelId, content, nonce, poll, replyToId, webhook } = command;
  if (nonce !== null && !isStorable(nonce)) return refuse("invalid_request", "The nonce holds impossible characters.");
  if (command.sticker && !command.sticker.shown) return refuse("not_found", "There is no such sticker.");
  const hasParts = attachmentIds.length > 0 || (webhook?.embeds.length ?? 0) > 0 || command.callMs !== undefined;
  const hasOther = hasParts || isVisible(command.forwarded?.content ?? "");
  if (!isVisible(content) && (poll || !hasOther)) return refuse("invalid_request", "The message is empty.");
  if (poll && !can(access, "sendPolls")) return refuse("forbidden", "You may not send polls in this channel.");
  const answered = replyToId === null ? null : batch.message(replyToId);
  if (answered === undefined || (answered && (answered.channel_id !== channelId || answered.deleted_at !== null))) {
    return refuse("not_found", "The message to reply to is gone.");
  }
  if (attachmentIds.length > 0 && !can(access, "attachFiles")) {
    return refuse("forbidden", "You may not attach files in this channel.");
  }
  const attachments = new Set(attachmentIds.map((id) => batch.attachment(id)));
  // A webhook's files are uploads of whoever made it.
  const uploaderId = rightsHolderOf(command);
  const usable = [...attachments].filter((row) => row?.uploader_id === uploaderId && row.message_id === null);
  if (usable.length < attachmentIds.length || usable.length > limits.attachmentsPerMessage) {
    return refuse("invalid_request", "An attachment does not exist or is already used.");
  }
  const files = usable.filter((row) => row !== undefined);
  if (voiceMsOf(files) !== null && !can(access, "sendVoiceMessages")) {
    return refuse("forbidden", "You may not send voice messages in this channel.");
  }
  const sticker = checkSticker(command, access);
  return sticker !== null && "ok" in sticker ? sticker : { answered, attachments: files, sticker };
}

/** A sticker is a message of its own. */
function checkSticker({ sticker, attachmentIds, poll }: SendCommand, access: Place): Sticker | Refused | null {
  if (!sticker?.shown) return null;
  if (attachmentIds.length > 0 || poll) return refuse("invalid_request", "A sticker is a message of its own.");
  if (!can(access, "attachFiles")) return refuse("forbidden", "You may not send stickers in this channel.");
  const { serverId = null } = sticker;
  if (serverId === null || serverId === access.serverId || can(access, "useExternalStickers")) return sticker.shown;
  return refuse("forbidden", "You may not send stickers of other servers in this channel.");
}

function send(
  batch: LogBatch,
  channel: ChannelFacts,
  command: SendCommand,
  parts: Parts,
  automod: readonly AutomodMatch[],
): LogOutcome {
  const { authorId, nonce, at, webhook } = command;
  const groups = addressedGroups(batch, channel, command, batch.rights.access(channel, rightsHolderOf(command)));
  const row = batch.addMessage(channel, {
    author_id: authorId,
    content: storable(command.content),
    nonce,
    fingerprint: nonce === null ? null : fingerprint(command),
    reply_to_id: parts.answered?.id ?? null,
    ...groupColumns(groups),
    created_at: at,
    edited_at: null,
    deleted_at: null,
    pinned_at: null,
    files_removed: 0,
    call_ms: command.callMs ?? null,
    voice_ms: voiceMsOf(parts.attachments),
    webhook: webhook ? webhookColumn(webhook) : null,
    previews: null,
    sticker: parts.sticker ? JSON.stringify(parts.sticker) : null,
  });
  batch.attach(row.id, parts.attachments);
  // Together, so that the latest such line always says what holds.
  if (isEncryptionLine(row.call_ms)) batch.setUnencrypted(channel, row.call_ms === unencrypted);
  if (command.forwarded) {
    const { sourceId, content, writtenAt, sticker } = command.forwarded;
    batch.texts.addForward({
      message_id: row.id,
      source_id: sourceId,
      content: storable(content),
      written_at: writtenAt,
      sticker: sticker ? JSON.stringify(sticker) : null,
    });
  }
  if (command.poll) batch.polls.add(newPoll(row.id, command.poll, at));
  const answeredId = whomItAnswers(batch, channel, authorId, parts.answered);
  const { named, unseeing } = namedMembers(batch, channel, command, authorId);
  const userIds = new Set(named);
  if (answeredId !== null) userIds.add(answeredId);
  batch.setMentions(row, [...userIds]);
  const notified = notifyMentioned(batch, channel, row, { userIds, answeredId, at });
  notifyGroups(batch, channel, row, { ...groups, hereIds: command.hereIds, at });
  const following = channel.parent_id === null ? [] : [...(webhook ? [] : [authorId]), ...userIds];
  const isRevived = channel.parent_id !== null && batch.activate(channel, at);
  batch.follow(channel, following, authorId);
  const message = batch.present(row);
  const event = { type: "new_message", channel_id: channel.id, seq: row.seq, data: message } as const;
  const recipients = batch.rights.recipients(channel, authorId);
  const told = { notified, notifiedEveryone: isAnyGroup(groups), unseeing, following, isRevived, automod };
  return committed(channel, { event, message, recipients, ...told });
}

function whomItAnswers(
  batch: LogBatch,
  channel: ChannelFacts,
  authorId: number,
  answered: MessageRow | null,
): number | null {
  if (!answered || answered.author_id === authorId) return null;
  return batch.rights.sees(channel, answered.author_id) ? answered.author_id : null;
}
