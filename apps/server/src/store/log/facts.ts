import type { LogCommand } from "../contract.ts";
import type { AttachmentRow, MessageRow, ReactionRow } from "../schema.ts";
import type { ChannelFacts, LogTransaction, PersonFacts } from "./transaction.ts";

/** All rows that the rules need for a batch of commands, read inside the transaction. */
export interface Facts {
  channels: Map<number, ChannelFacts>;
  people: Map<number, PersonFacts>;
  /** Keys made by memberKey. */
  members: Set<string>;
  /** User ids by memberNameKey. */
  memberNames: Map<string, number>;
  /** Messages named by commands, and the messages that they reply to. */
  messages: Map<number, MessageRow>;
  /** Message ids by nonceKey. */
  nonces: Map<string, number>;
  /** Attachments named by sends, by id. */
  attachments: Map<number, AttachmentRow>;
  /** Attachments by message id, as reactions and mentions below: for messages named by commands. */
  attachmentsOf: Map<number, AttachmentRow[]>;
  reactionsOf: Map<number, ReactionRow[]>;
  mentionsOf: Map<number, number[]>;
  /** Reserved ids, ascending; at least as many as the batch can use. */
  messageIds: number[];
  notificationIds: number[];
}

export const memberKey = (serverId: number, userId: number) => `${serverId} ${userId}`;
export const memberNameKey = (serverId: number, name: string) => `${serverId} ${name}`;
export const nonceKey = (authorId: number, nonce: string) => `${authorId} ${nonce}`;

/** Reads with a fixed number of queries, however many commands there are. Locks the channels before other reads. */
export async function loadFacts(tx: LogTransaction, commands: readonly LogCommand[]): Promise<Facts> {
  const wanted = collect(commands);
  const channelIds = [...wanted.channelIds, ...(await tx.channelIdsOf([...wanted.messageIds]))];
  const channels = byId(await tx.lockChannels(ascending(channelIds)));

  const named = [
    ...(await tx.messages([...wanted.messageIds, ...wanted.replyIds])),
    ...(await tx.messagesByNonce(wanted.nonces)),
  ];
  const messages = byId(named);
  const answered = named.flatMap((row) => (row.reply_to_id === null ? [] : [row.reply_to_id]));
  for (const row of await tx.messages(ascending(answered.filter((id) => !messages.has(id))))) messages.set(row.id, row);

  const wholeIds = ascending(named.map((row) => row.id));
  const authorIds = [...messages.values()].map((row) => row.author_id);
  const people = byId(await tx.people(ascending([...wanted.actorIds, ...authorIds])));
  const serverIdOf = (command: LogCommand) => channels.get(channelIdOf(command, messages) ?? 0)?.server_id;
  return {
    channels,
    messages,
    people,
    members: await loadMembers(tx, commands, serverIdOf, messages),
    memberNames: await loadNames(tx, commands, serverIdOf),
    nonces: new Map(named.flatMap((row) => (row.nonce === null ? [] : [[nonceKey(row.author_id, row.nonce), row.id]]))),
    attachments: byId(await tx.attachments([...wanted.attachmentIds])),
    attachmentsOf: groupBy(await tx.attachmentsOf(wholeIds), (row) => row.message_id ?? 0),
    reactionsOf: groupBy(await tx.reactionsOf(wholeIds), (row) => row.message_id),
    mentionsOf: new Map(
      [...groupBy(await tx.mentionsOf(wholeIds), (row) => row.message_id)].map(([id, rows]) => [
        id,
        ascending(rows.map((row) => row.user_id)),
      ]),
    ),
    messageIds: await tx.reserveIds("messages", wanted.sends),
    notificationIds: await tx.reserveIds("notifications", wanted.notificationsAtMost),
  };
}

function collect(commands: readonly LogCommand[]) {
  const wanted = {
    channelIds: new Set<number>(),
    messageIds: new Set<number>(),
    replyIds: new Set<number>(),
    actorIds: new Set<number>(),
    attachmentIds: new Set<number>(),
    nonces: [] as { author_id: number; nonce: string }[],
    sends: 0,
    notificationsAtMost: 0,
  };
  for (const command of commands) {
    wanted.actorIds.add(actorOf(command));
    if (command.kind === "send" || command.kind === "edit") {
      wanted.notificationsAtMost += command.mentionNames.length;
    }
    if (command.kind !== "send") {
      wanted.messageIds.add(command.messageId);
      continue;
    }
    wanted.sends += 1;
    wanted.channelIds.add(command.channelId);
    for (const id of command.attachmentIds) wanted.attachmentIds.add(id);
    if (command.nonce !== null) wanted.nonces.push({ author_id: command.authorId, nonce: command.nonce });
    if (command.replyToId !== null) {
      wanted.replyIds.add(command.replyToId);
      wanted.notificationsAtMost += 1;
    }
  }
  return wanted;
}

async function loadMembers(
  tx: LogTransaction,
  commands: readonly LogCommand[],
  serverIdOf: (command: LogCommand) => number | undefined,
  messages: ReadonlyMap<number, MessageRow>,
): Promise<Set<string>> {
  const keys = new Map<string, { server_id: number; user_id: number }>();
  const want = (server_id: number, user_id: number) => keys.set(memberKey(server_id, user_id), { server_id, user_id });
  for (const command of commands) {
    const serverId = serverIdOf(command);
    if (serverId === undefined) continue;
    want(serverId, actorOf(command));
    // The author of the answered message is notified only while a member.
    const answered = command.kind === "send" ? messages.get(command.replyToId ?? 0) : undefined;
    if (answered) want(serverId, answered.author_id);
  }
  const rows = await tx.members([...keys.values()]);
  return new Set(rows.map((row) => memberKey(row.server_id, row.user_id)));
}

async function loadNames(
  tx: LogTransaction,
  commands: readonly LogCommand[],
  serverIdOf: (command: LogCommand) => number | undefined,
): Promise<Map<string, number>> {
  const keys = new Map<string, { server_id: number; username_key: string }>();
  for (const command of commands) {
    const serverId = serverIdOf(command);
    if (serverId === undefined || (command.kind !== "send" && command.kind !== "edit")) continue;
    for (const name of command.mentionNames) {
      keys.set(memberNameKey(serverId, name), { server_id: serverId, username_key: name });
    }
  }
  const rows = await tx.membersByName([...keys.values()]);
  return new Map(rows.map((row) => [memberNameKey(row.server_id, row.username_key), row.user_id]));
}

function actorOf(command: LogCommand): number {
  return command.kind === "send" ? command.authorId : command.actorId;
}

function channelIdOf(command: LogCommand, messages: ReadonlyMap<number, MessageRow>): number | undefined {
  return command.kind === "send" ? command.channelId : messages.get(command.messageId)?.channel_id;
}

function byId<Row extends { id: number }>(rows: readonly Row[]): Map<number, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}

function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => number): Map<number, Row[]> {
  return Map.groupBy(rows, keyOf);
}

function ascending(ids: readonly number[]): number[] {
  return [...new Set(ids)].toSorted((a, b) => a - b);
}
