import { can, checkDeleteMessage, checkInChannel, type AccessFacts } from "@miscord/rights";
import type { ClosePollCommand, LogOutcome, SendCommand, VoteCommand } from "../contract.ts";
import type { BallotRow, PollRow } from "../poll-tables.ts";
import { placesOf, presentPoll } from "../present-message.ts";
import type { MessageRow } from "../schema.ts";
import { storable } from "../storable.ts";
import type { LogBatch } from "./log-batch.ts";
import { committed, noSuchMessage, notAccepted, refusalOf, refuse } from "./outcome.ts";
import type { ChannelFacts } from "./transaction.ts";

/** Whoever may react or write votes. */
export function decideVote(batch: LogBatch, command: VoteCommand): LogOutcome {
  const { actorId, messageId, answers, isPart = false, at } = command;
  const row = batch.message(messageId);
  const channel = row && batch.channel(row.channel_id);
  if (!channel || row.deleted_at !== null) return noSuchMessage;
  const access = batch.rights.access(channel, actorId);
  const verdict = isPart ? "allowed" : checkInChannel(access, permissionToVote(access));
  const refusal = refusalOf(verdict, noSuchMessage, notAccepted(channel) ?? "You may not vote in this channel.");
  if (refusal) return refusal;
  const poll = batch.polls.of(messageId);
  if (!poll) return refuse("not_found", "The message is no poll.");
  if (!isPart && hasEnded(poll, at)) return refuse("conflict", "The poll is over.");
  const counts = placesOf(poll.counts);
  if (answers.some((place) => place >= counts.length) || (answers.length > 1 && poll.multiple === 0)) {
    return refuse("invalid_request", "The poll has no such answers.");
  }
  const before = placesOf(batch.polls.ballot(messageId, actorId)?.answers ?? "");
  if (before.join() === answers.join()) return committed(channel);

  for (const place of before) counts[place]! -= 1;
  for (const place of answers) counts[place]! += 1;
  const voters = poll.voters + Number(answers.length > 0) - Number(before.length > 0);
  batch.polls.change(poll, { counts: counts.join(), voters });
  const ballot = { message_id: messageId, user_id: actorId, answers: answers.join() };
  return announced(batch, channel, row, poll, (seq) => batch.polls.setBallot({ ...ballot, seq } satisfies BallotRow));
}

/** For the author and those who may delete the message. A poll that is over stays so. */
export function decideClosePoll(batch: LogBatch, { actorId, messageId, at }: ClosePollCommand): LogOutcome {
  const row = batch.message(messageId);
  const channel = row && batch.channel(row.channel_id);
  if (!channel || row.deleted_at !== null) return noSuchMessage;
  const verdict = checkDeleteMessage(batch.rights.access(channel, actorId), row.author_id);
  const refusal = refusalOf(verdict, noSuchMessage, "Only its author and moderators close a poll.");
  if (refusal) return refusal;
  const poll = batch.polls.of(messageId);
  if (!poll) return refuse("not_found", "The message is no poll.");
  if (hasEnded(poll, at)) return committed(channel);
  batch.polls.change(poll, { ends_at: at });
  batch.changeMessage(channel, row, {});
  const data = batch.present(row);
  return committed(channel, {
    event: { type: "message_edited", channel_id: channel.id, seq: row.updated_seq, data },
    message: data,
  });
}

/** The row of a poll that is sent with the message. */
export function newPoll(messageId: number, fields: NonNullable<SendCommand["poll"]>, at: number): PollRow {
  const { answers, multiple, anonymous, durationMs } = fields;
  return {
    message_id: messageId,
    answers: JSON.stringify(answers.map(storable)),
    multiple: Number(multiple),
    anonymous: Number(anonymous),
    ends_at: durationMs === null ? null : at + durationMs,
    counts: answers.map(() => 0).join(),
    voters: 0,
  };
}

function permissionToVote(access: AccessFacts): "addReactions" | "sendMessages" {
  return can(access, "addReactions") ? "addReactions" : "sendMessages";
}

function hasEnded({ ends_at }: PollRow, at: number): boolean {
  return ends_at !== null && ends_at <= at;
}

/**
 * The event of the vote: that of an earlier vote of the transaction with this one's result in it, unless the message has
 * changed since.
 */
function announced(
  batch: LogBatch,
  channel: ChannelFacts,
  row: MessageRow,
  poll: PollRow,
  store: (seq: number) => void,
): LogOutcome {
  const shared = batch.polls.shown.get(row.id);
  if (shared?.updated_seq === row.updated_seq) {
    shared.poll = presentPoll(poll);
    store(row.updated_seq);
    return committed(channel);
  }
  batch.changeMessage(channel, row, {});
  store(row.updated_seq);
  const data = batch.present(row);
  batch.polls.shown.set(row.id, data);
  return committed(channel, { event: { type: "message_edited", channel_id: channel.id, seq: row.updated_seq, data } });
}
