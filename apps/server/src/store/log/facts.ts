import type { LogCommand } from "../contract.ts";
import type { AttachmentRow, MessageRow, ReactionRow } from "../schema.ts";
import type { ForwardRow } from "../message-tables.ts";
import type { BallotRow, PollRow } from "../poll-tables.ts";
import { mentionsHere } from "../present-message.ts";
import type { RecipientFacts } from "../private-sql.ts";
import { loadAutomod, type AutomodFacts } from "./automod-facts.ts";
import { ballotKey, memberKey, memberNameKey, nonceKey } from "./keys.ts";
import type {
  ChannelFacts,
  LogTransaction,
  MemberFacts,
  MentionedRole,
  MentionKey,
  PersonFacts,
  PinCount,
  StartedThread,
} from "./transaction.ts";

/** All rows that the rules need for a batch of commands, read inside the transaction. */
export interface Facts extends AutomodFacts {
  channels: Map<number, ChannelFacts>;
  people: Map<number, PersonFacts>;
  /** By memberKey. */
  members: Map<string, MemberFacts>;
  /** Of private channels, by channel id. */
  recipients: Map<number, RecipientFacts[]>;
  /** User ids by memberNameKey. Their roles are in `members`. */
  memberNames: Map<string, number>;
  /** Messages named by commands, and the messages that they reply to. */
  messages: Map<number, MessageRow>;
  /** Message ids by nonceKey. */
  nonces: Map<string, number>;
  /** Attachments named by sends, by id. */
  attachments: Map<number, AttachmentRow>;
  /** Attachments by message id, as mentions below: for messages named by commands. Reactions: not of those that are only answered. */
  attachmentsOf: Map<number, AttachmentRow[]>;
  reactionsOf: Map<number, ReactionRow[]>;
  mentionsOf: Map<number, number[]>;
  /** Of messages that are edited or deleted. */
  groupMentionsOf: Map<number, number[]>;
  /** By message id, as the next one. */
  polls: Map<number, PollRow>;
  forwards: Map<number, ForwardRow>;
  /** Of those who vote, by ballotKey. */
  ballots: Map<string, BallotRow>;
  /** Roles named by sends and edits, by id. */
  mentionedRoles: Map<number, MentionedRole>;
  /** Threads by the message that they were started from. */
  threadsOf: Map<number, StartedThread>;
  /** Pinned messages by channel id, of channels in which messages are pinned by the batch. */
  pinCounts: Map<number, number>;
  /** Reserved ids, ascending; at least as many as the batch can use. */
  messageIds: number[];
  notificationIds: number[];
}

/** The keys that a batch of commands names; each list without repetitions. */
export interface WantedKeys {
  /** Channels of sends. */
  channelIds: Set<number>;
  /** Messages that are edited, deleted or reacted to. */
  messageIds: Set<number>;
  replyIds: Set<number>;
  actorIds: Set<number>;
  /** Authors of sends. */
  authorIds: Set<number>;
  attachmentIds: Set<number>;
  /** Messages that are pinned. */
  pinnedIds: Set<number>;
  roleIds: Set<number>;
  nonces: { author_id: number; nonce: string }[];
  /** Votes: the message and who votes. */
  ballots: MentionKey[];
  /** Messages that the commands write: sends, and the lines of pins. */
  sends: number;
  notificationsAtMost: number;
}

/** The rows behind `Facts`. Rows that no command needs do no harm. */
export interface FactRows extends AutomodFacts {
  channels: readonly ChannelFacts[];
  /** Messages named by commands: by id, as the answered message, or by nonce. */
  named: readonly MessageRow[];
  /** Messages that the named ones reply to. */
  answered: readonly MessageRow[];
  people: readonly PersonFacts[];
  members: readonly MemberFacts[];
  memberNames: readonly (MemberFacts & { username_key: string })[];
  /** Of the private ones among the channels. */
  recipients: readonly RecipientFacts[];
  attachments: readonly AttachmentRow[];
  /** Of the named messages, by ordinal, then id. */
  attachmentsOf: readonly AttachmentRow[];
  /** Of the named messages but those that are only answered, by position, then seq. */
  reactionsOf: readonly ReactionRow[];
  mentionsOf: readonly MentionKey[];
  groupMentionsOf: readonly MentionKey[];
  polls: readonly PollRow[];
  forwards: readonly ForwardRow[];
  ballots: readonly BallotRow[];
  threadsOf: readonly StartedThread[];
  mentionedRoles: readonly MentionedRole[];
  pinCounts: readonly PinCount[];
  messageIds: number[];
  notificationIds: number[];
}

/** Reads with a fixed number of queries, however many commands there are. Locks the channels before other reads. */
export async function loadFacts(tx: LogTransaction, commands: readonly LogCommand[]): Promise<Facts> {
  const wanted = wantedKeys(commands);
  const channelIds = [...wanted.channelIds, ...(await tx.channelIdsOf([...wanted.messageIds]))];
  const channels = await tx.lockChannels(ascending(channelIds), [...wanted.authorIds]);

  const repeated = await tx.messagesByNonce(wanted.nonces);
  const named = [...(await tx.messages([...wanted.messageIds, ...wanted.replyIds])), ...repeated];
  const messages = byId(named);
  const repliedTo = named.flatMap((row) => (row.reply_to_id === null ? [] : [row.reply_to_id]));
  const answered = await tx.messages(ascending(repliedTo.filter((id) => !messages.has(id))));
  for (const row of answered) messages.set(row.id, row);

  const wholeIds = ascending(named.map((row) => row.id));
  const authorIds = [...messages.values()].map((row) => row.author_id);
  const serverIds = new Map(channels.map((row) => [row.id, row.server_id]));
  const serverIdOf = (command: LogCommand) => serverIds.get(channelIdOf(command, messages) ?? 0) ?? undefined;
  return factsOf({
    ...(await loadAutomod(channels, commands, tx)),
    channels,
    named,
    answered,
    people: await tx.people(ascending([...wanted.actorIds, ...authorIds])),
    members: await loadMembers(tx, commands, serverIdOf, messages),
    memberNames: await loadNames(tx, commands, serverIdOf),
    recipients: await tx.recipientsOf(privateIds(channels)),
    attachments: await tx.attachments([...wanted.attachmentIds]),
    attachmentsOf: await tx.attachmentsOf(wholeIds),
    // Not of a message that is only answered: there may be thousands, and nothing shows them.
    reactionsOf: await tx.reactionsOf(ascending([...wanted.messageIds, ...repeated.map((row) => row.id)])),
    mentionsOf: await tx.mentionsOf(wholeIds),
    groupMentionsOf: await tx.groupMentionsOf(mayLoseGroups(commands, named)),
    polls: await tx.polls(wholeIds),
    forwards: await tx.forwards(wholeIds),
    ballots: await tx.ballots(wanted.ballots),
    threadsOf: await tx.threadsOf(wholeIds),
    mentionedRoles: await tx.mentionedRoles([...wanted.roleIds]),
    pinCounts: await tx.pinCounts([...wanted.pinnedIds]),
    messageIds: await tx.reserveIds("messages", wanted.sends),
    notificationIds: await tx.reserveIds("notifications", wanted.notificationsAtMost),
  });
}

/** Indexes the rows as the rules look them up. */
export function factsOf({ channels, named, answered, ...rows }: FactRows): Facts {
  return {
    channels: byId(channels),
    messages: byId([...answered, ...named]),
    people: byId(rows.people),
    members: new Map([...rows.members, ...rows.memberNames].map((row) => [memberKey(row.server_id, row.user_id), row])),
    recipients: groupBy(rows.recipients, (row) => row.channel_id),
    memberNames: new Map(rows.memberNames.map((row) => [memberNameKey(row.server_id, row.username_key), row.user_id])),
    nonces: new Map(named.flatMap((row) => (row.nonce === null ? [] : [[nonceKey(row.author_id, row.nonce), row.id]]))),
    attachments: byId(rows.attachments),
    attachmentsOf: groupBy(rows.attachmentsOf, (row) => row.message_id ?? 0),
    reactionsOf: groupBy(rows.reactionsOf, (row) => row.message_id),
    mentionsOf: usersByMessage(rows.mentionsOf),
    groupMentionsOf: usersByMessage(rows.groupMentionsOf),
    polls: new Map(rows.polls.map((row) => [row.message_id, row])),
    forwards: new Map(rows.forwards.map((row) => [row.message_id, row])),
    ballots: new Map(rows.ballots.map((row) => [ballotKey(row.message_id, row.user_id), row])),
    mentionedRoles: byId(rows.mentionedRoles),
    threadsOf: new Map(rows.threadsOf.map((row) => [row.starter_id, row])),
    pinCounts: new Map(rows.pinCounts.map((row) => [row.channel_id, row.count])),
    automod: rows.automod,
    automodSends: rows.automodSends,
    messageIds: rows.messageIds,
    notificationIds: rows.notificationIds,
  };
}

/** Those of the messages that are edited or deleted, and address a role or those who are online. */
export function mayLoseGroups(commands: readonly LogCommand[], messages: readonly MessageRow[]): number[] {
  const changed = new Set<number>();
  for (const command of commands) {
    if (command.kind === "edit" || command.kind === "delete") changed.add(command.messageId);
  }
  const isToGroup = (row: MessageRow) => row.mention_roles !== null || row.mentions_everyone === mentionsHere;
  return messages.flatMap((row) => (changed.has(row.id) && isToGroup(row) ? [row.id] : []));
}

function usersByMessage(keys: readonly MentionKey[]): Map<number, number[]> {
  const mentions = groupBy(keys, (row) => row.message_id);
  return new Map([...mentions].map(([id, of]) => [id, ascending(of.map((row) => row.user_id))]));
}

/** Ids of the private channels among these. */
export function privateIds(channels: readonly ChannelFacts[]): number[] {
  return channels.filter((channel) => channel.server_id === null).map((channel) => channel.id);
}

export function wantedKeys(commands: readonly LogCommand[]): WantedKeys {
  const wanted: WantedKeys = {
    channelIds: new Set(),
    messageIds: new Set(),
    replyIds: new Set(),
    actorIds: new Set(),
    authorIds: new Set(),
    attachmentIds: new Set(),
    pinnedIds: new Set(),
    roleIds: new Set(),
    nonces: [],
    ballots: [],
    sends: 0,
    notificationsAtMost: 0,
  };
  for (const command of commands) {
    wanted.actorIds.add(actorOf(command));
    wanted.actorIds.add(rightsHolderOf(command));
    if (command.kind === "send") wanted.notificationsAtMost += command.mentionNames.length;
    // One more for `retractedBefore`.
    if (command.kind === "edit") wanted.notificationsAtMost += command.mentionNames.length + 1;
    if ("mentionRoles" in command) for (const id of command.mentionRoles ?? []) wanted.roleIds.add(id);
    if (command.kind === "vote") wanted.ballots.push({ message_id: command.messageId, user_id: command.actorId });
    if (command.kind === "pin" && command.on) {
      wanted.pinnedIds.add(command.messageId);
      // The line that it leaves.
      wanted.sends += 1;
    }
    if (command.kind !== "send") {
      wanted.messageIds.add(command.messageId);
      continue;
    }
    wanted.sends += 1;
    wanted.channelIds.add(command.channelId);
    wanted.authorIds.add(command.authorId);
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
): Promise<FactRows["members"]> {
  const keys = new Map<string, { server_id: number; user_id: number }>();
  const want = (server_id: number, user_id: number) => keys.set(memberKey(server_id, user_id), { server_id, user_id });
  for (const command of commands) {
    const serverId = serverIdOf(command);
    if (serverId === undefined) continue;
    want(serverId, rightsHolderOf(command));
    // The author of the answered message is notified only while a member.
    const answered = command.kind === "send" ? messages.get(command.replyToId ?? 0) : undefined;
    if (answered) want(serverId, answered.author_id);
  }
  return tx.members([...keys.values()]);
}

async function loadNames(
  tx: LogTransaction,
  commands: readonly LogCommand[],
  serverIdOf: (command: LogCommand) => number | undefined,
): Promise<FactRows["memberNames"]> {
  const keys = new Map<string, { server_id: number; username_key: string }>();
  for (const command of commands) {
    const serverId = serverIdOf(command);
    if (serverId === undefined || (command.kind !== "send" && command.kind !== "edit")) continue;
    for (const name of command.mentionNames) {
      keys.set(memberNameKey(serverId, name), { server_id: serverId, username_key: name });
    }
  }
  return tx.membersByName([...keys.values()]);
}

export function actorOf(command: LogCommand): number {
  return command.kind === "send" ? command.authorId : command.actorId;
}

/** Whose rights decide: of a webhook's command those of its creator. */
export function rightsHolderOf(command: LogCommand): number {
  return ("webhook" in command ? command.webhook?.createdBy : undefined) ?? actorOf(command);
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
