import type { Committed, EditCommand, SendCommand } from "../contract.ts";
import type { MessageRow } from "../schema.ts";
import type { Draft } from "./log-batch.ts";
import type { ChannelFacts } from "./transaction.ts";

/** Members whom the text names, without its author: nobody notifies themself. */
export function namedMembers(
  draft: Draft,
  channel: ChannelFacts,
  command: SendCommand | EditCommand,
  authorId: number,
): number[] {
  return command.mentionNames.flatMap((name) => {
    const userId = draft.memberNamed(channel.server_id, name);
    return userId === undefined || userId === authorId ? [] : [userId];
  });
}

/** Asked for in the text, granted to those who run the server or the instance. */
export function mayMentionEveryone(draft: Draft, channel: ChannelFacts, userId: number): boolean {
  return channel.owner_id === userId || draft.isAdmin(userId);
}

/** A notification of kind `everyone` for each member but the author, unless the message notifies them already. */
export function notifyEveryone(draft: Draft, channel: ChannelFacts, row: MessageRow, at: number): void {
  draft.notifyEveryone({
    actor_id: row.author_id,
    server_id: channel.server_id,
    channel_id: channel.id,
    message_id: row.id,
    created_at: at,
  });
}

/** One notice a person; being answered goes before being named. */
export function notifyMentioned(
  draft: Draft,
  channel: ChannelFacts,
  row: MessageRow,
  people: { userIds: Iterable<number>; answeredId: number | null; at: number },
): Committed["notified"] {
  return [...people.userIds].map((userId) => {
    const kind = userId === people.answeredId ? "reply" : "mention";
    const notificationId = draft.notify({
      user_id: userId,
      kind,
      actor_id: row.author_id,
      server_id: channel.server_id,
      channel_id: channel.id,
      message_id: row.id,
      created_at: people.at,
    });
    return { notificationId, userId, kind };
  });
}
