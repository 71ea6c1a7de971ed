import { can, type AccessFacts } from "@miscord/rights";
import type { Committed, EditCommand, SendCommand } from "../contract.ts";
import { mentionsAll, mentionsHere, roleIdsOf } from "../present-message.ts";
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

/** Groups that a message addresses. */
export interface Groups {
  readonly everyone: boolean;
  readonly here: boolean;
  /** Ids, ascending. */
  readonly roles: readonly number[];
}

/** Those that the text names and its author may address. */
export function addressedGroups(
  batch: LogBatch,
  channel: ChannelFacts,
  command: SendCommand | EditCommand,
  access: AccessFacts,
): Groups {
  const mayAddressAll = can(access, "mentionEveryone");
  const roles = (command.mentionRoles ?? []).filter((id) => {
    const role = batch.mentionedRole(id);
    const isRole = role?.server_id === channel.server_id && id !== channel.everyone_role_id;
    return isRole && (mayAddressAll || role.mentionable === 1);
  });
  return {
    everyone: mayAddressAll && command.mentionsEveryone,
    here: mayAddressAll && command.hereIds !== undefined,
    roles: roles.toSorted((a, b) => a - b),
  };
}

export function groupsOf({ mentions_everyone: flag, mention_roles }: MessageRow): Groups {
  return { everyone: flag === mentionsAll, here: flag === mentionsHere, roles: roleIdsOf(mention_roles) };
}

/** Of the message's row. Everyone includes those who are online. */
export function groupColumns({ everyone, here, roles }: Groups) {
  return {
    mentions_everyone: everyone ? mentionsAll : here ? mentionsHere : 0,
    mention_roles: roles.length > 0 ? roles.join(",") : null,
  };
}

/**
 * A notification of kind `role`, `here` or `everyone` for each member of these groups who sees the channel but the author,
 * unless the message notifies them already.
 */
export function notifyGroups(
  batch: LogBatch,
  channel: ChannelFacts,
  row: MessageRow,
  groups: Groups & { hereIds: readonly number[] | undefined; at: number },
): void {
  if (channel.server_id === null) return;
  const notification = {
    actor_id: row.author_id,
    server_id: channel.server_id,
    channel_id: channel.id,
    message_id: row.id,
    created_at: groups.at,
  };
  if (groups.roles.length > 0) batch.notifyRoles({ ...notification, targets: JSON.stringify(groups.roles) });
  if (groups.everyone) batch.notifyEveryone(notification);
  else if (groups.here) batch.notifyHere({ ...notification, targets: JSON.stringify(groups.hereIds ?? []) });
}

export function isAnyGroup({ everyone, here, roles }: Groups): boolean {
  return everyone || here || roles.length > 0;
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
