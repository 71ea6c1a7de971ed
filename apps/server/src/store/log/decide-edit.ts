import { can, checkEditMessage } from "@miscord/rights";
import { isVisible } from "@miscord/text";
import type { EditCommand, LogOutcome } from "../contract.ts";
import { webhookParts } from "../present-message.ts";
import type { MessageRow } from "../schema.ts";
import { storable } from "../storable.ts";
import { refusalBy } from "./automod.ts";
import { previewsAfterEdit } from "./decide-preview.ts";
import { rightsHolderOf } from "./facts.ts";
import type { LogBatch } from "./log-batch.ts";
import {
  addressedGroups,
  groupColumns,
  groupsOf,
  isAnyGroup,
  namedMembers,
  notifyGroups,
  notifyMentioned,
  type Groups,
} from "./mentions.ts";
import { committed, noSuchMessage, notYet, refusalOf, refuse } from "./outcome.ts";
import { webhookColumn } from "./text.ts";

export function decideEdit(batch: LogBatch, command: EditCommand): LogOutcome {
  const { actorId, messageId, at, webhook } = command;
  const row = batch.message(messageId);
  const channel = row && batch.channel(row.channel_id);
  if (!channel || row.deleted_at !== null) return noSuchMessage;
  const holderId = rightsHolderOf(command);
  const access = batch.rights.access(channel, holderId);
  if (webhook && (row.author_id !== actorId || !can(access, "manageWebhooks"))) return noSuchMessage;
  const verdict = checkEditMessage(access, webhook ? holderId : row.author_id);
  const refusal = refusalOf(verdict, noSuchMessage, "Only its author can edit a message.");
  if (refusal) return refusal;
  if (row.call_ms !== null || row.sticker !== null) return noText(row);
  const content = storable(command.content);
  const parts = webhook ? webhookColumn({ ...webhook, picture: webhookParts(row)?.picture ?? null }) : row.webhook;
  if (content === row.content && parts === row.webhook) return committed(channel, { message: batch.present(row) });
  if (!isVisible(content) && batch.attachmentsOf(messageId).length + (webhook?.embeds.length ?? 0) === 0) {
    return refuse("invalid_request", "The message would be empty.");
  }
  if (batch.polls.of(messageId)) return refuse("invalid_request", "What a poll asks cannot be changed.");
  const held = batch.rights.heldBack(channel, holderId);
  if (held) return notYet(held, at);
  const automod = batch.automod.check(channel, access, command);
  const blocked = refusalBy(automod);
  if (blocked) return blocked;

  const groupsBefore = groupsOf(row);
  const groups = addressedGroups(batch, channel, command, access);
  const hasLost = isLess(groups, groupsBefore);
  const unmentionedEveryone = hasLost && groupsBefore.everyone;
  const added = hasLost ? groups : addedGroups(groups, groupsBefore);
  const notifiedEveryone = isAnyGroup(added);
  if (notifiedEveryone && command.groupWaitMs !== undefined) return mustWait(command.groupWaitMs);
  batch.texts.keep(row);
  const previews = previewsAfterEdit(row, content, webhookParts({ webhook: parts })?.embeds ?? []);
  const hasFewerPreviews = previews !== row.previews;
  const fields = { content, fingerprint: null, webhook: parts, previews, ...groupColumns(groups), edited_at: at };
  batch.changeMessage(channel, row, fields);
  if (hasFewerPreviews) batch.texts.showPreviews(row);
  const before = new Set(batch.mentionsOf(messageId));
  const { named, unseeing } = namedMembers(batch, channel, command, actorId);
  // Whoever is named may have been notified as one of a group.
  const unaddressed = hasLost && !groupsBefore.everyone ? [...before, ...batch.groupMentionsOf(messageId)] : [];
  const after = new Set(named);
  // The notification of a reply stays, whatever names the text holds.
  const answeredId = batch.message(row.reply_to_id ?? 0)?.author_id ?? null;
  if (answeredId !== null && before.has(answeredId)) after.add(answeredId);
  batch.setMentions(row, [...after]);
  const unmentioned = [...before].filter((userId) => !after.has(userId));
  for (const userId of unmentioned) batch.retractNotifications(messageId, userId);
  if (hasLost) batch.retractEveryone(messageId);
  const retractedBefore = unmentioned.length > 0 || hasLost ? batch.nextNotificationId() : null;
  // While the message still addresses everyone, a name added to it is no second notification.
  const isToEveryone = groupsBefore.everyone && !unmentionedEveryone;
  const isNotified = (userId: number) => before.has(userId) || isToEveryone;
  const newcomers = [...after].filter((userId) => !isNotified(userId));
  const notified = notifyMentioned(batch, channel, row, { userIds: newcomers, answeredId: null, at });
  notifyGroups(batch, channel, row, { ...added, hereIds: command.hereIds, at });
  const following = channel.parent_id === null ? [] : newcomers;
  batch.follow(channel, following, actorId);

  const message = batch.present(row);
  const event = { type: "message_edited", channel_id: channel.id, seq: row.updated_seq, data: message } as const;
  const people = { notified, unmentioned, unaddressed, unseeing, following, notifiedEveryone, unmentionedEveryone };
  return committed(channel, { event, message, ...people, retractedBefore, automod });
}

function noText({ call_ms: callMs }: MessageRow): LogOutcome {
  return refuse("invalid_request", callMs === null ? "A sticker cannot be edited." : "This line is no message.");
}

function mustWait(retryAfterMs: number): LogOutcome {
  return { ...refuse("rate_limited", "Too many requests. Try again later."), retryAfterMs };
}

/** Whether a group is not addressed any more. All of the message's notifications of groups are then made anew. */
function isLess(after: Groups, before: Groups): boolean {
  const isHere = after.here || after.everyone;
  const hasLost = (before.everyone && !after.everyone) || (before.here && !isHere);
  return hasLost || before.roles.some((id) => !after.roles.includes(id));
}

function addedGroups(after: Groups, before: Groups): Groups {
  return {
    everyone: after.everyone && !before.everyone,
    here: after.here && !before.here && !before.everyone,
    roles: after.roles.filter((id) => !before.roles.includes(id)),
  };
}
