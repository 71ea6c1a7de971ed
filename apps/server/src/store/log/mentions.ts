import type { Committed, EditCommand, SendCommand } from "../contract.ts";
import type { MessageRow } from "../schema.ts";
import type { LogBatch } from "./log-batch.ts";
import type { ChannelFacts } from "./transaction.ts";

/**
 * Ids of members whose names are in the text, without its author: those who see the channel, and those who do not and
 * therefore are not mentioned.
 */
export function namedMembers(
  batch: LogBatch,
  channel: ChannelFacts,
  command: SendCommand | EditCommand,
  authorId: number,
): { named: number[]; unseeing: number[] } {
  const named: number[] = [];
  const unseeing: number[] = [];
  for (const name of command.mentionNames) {
    const userId = batch.rights.memberNamed(channel, name);
    if (userId === undefined || userId === authorId) continue;
    (batch.rights.sees(channel, userId) ? named : unseeing).push(userId);
  }
  return { named, unseeing };
}

/**
 * A notification of kind `everyone` for each member who sees the channel but the author, unless the message notifies them already.
 */
export function notifyEveryone(batch: LogBatch, channel: ChannelFacts, row: MessageRow, at: number): void {
  if (channel.server_id === null) return;
  batch.notifyEveryone({
    actor_id: row.author_id,
    server_id: channel.server_id,
    channel_id: channel.id,
    message_id: row.id,
    created_at: at,
  });
}

/**
 * Adds one notification per user: of kind `reply` for the answered user, of kind `mention` for the others. None in a
 * private channel, whose every message counts and is announced to its people.
 */
export function notifyMentioned(
  batch: LogBatch,
  channel: ChannelFacts,
  row: MessageRow,
  people: { userIds: Iterable<number>; answeredId: number | null; at: number },
): Committed["notified"] {
  const serverId = channel.server_id;
  if (serverId === null) return [];
  return [...people.userIds].map((userId) => {
    const kind = userId === people.answeredId ? "reply" : "mention";
    const notificationId = batch.notify({
      user_id: userId,
      kind,
      actor_id: row.author_id,
      server_id: serverId,
      channel_id: channel.id,
      message_id: row.id,
      created_at: people.at,
    });
    return { notificationId, userId, kind };
  });
}
