import type { Message, User } from "@miscord/protocol";
import { missedCall, presentMessage, presentUser, type AuthorRow } from "../present-message.ts";
import type { AttachmentRow, MessageRow, NotificationRow, ReactionRow } from "../schema.ts";
import { auditRow, type AuditRecord, type AuditRow } from "../audit-row.ts";
import { AutomodCheck } from "./automod.ts";
import { isArchived } from "../thread-state.ts";
import { BatchPolls } from "./batch-polls.ts";
import { BatchTexts } from "./batch-texts.ts";
import { BatchRights } from "./batch-rights.ts";
import type { Facts } from "./facts.ts";
import { nonceKey } from "./keys.ts";
import { NetRows } from "./net-rows.ts";
import { SlowMode } from "./slow-mode.ts";
import type {
  ChannelFacts,
  EveryoneNotification,
  GroupNotification,
  LogChanges,
  MentionedRole,
  MentionKey,
} from "./transaction.ts";

/**
 * Unit of work of one transaction: the facts as changed by the commands so far, and the net changes to write. Each
 * command sees the effects of those before it.
 */
export class LogBatch {
  readonly rights: BatchRights;
  readonly slowMode = new SlowMode();
  readonly automod: AutomodCheck;
  readonly polls: BatchPolls;
  readonly texts: BatchTexts;
  readonly #facts: Facts;
  readonly #channels = new Set<ChannelFacts>();
  /** By id of the channel. */
  readonly #unencrypted = new Map<number, LogChanges["changedEncryption"][number]>();
  readonly #newMessages = new Set<MessageRow>();
  readonly #changedMessages = new Set<MessageRow>();
  readonly #attachments = new Set<AttachmentRow>();
  readonly #removedAttachments = new Set<AttachmentRow>();
  readonly #mentions = new NetRows<MentionKey & { channel_id: number; seq: number }>();
  readonly #reactions = new NetRows<ReactionRow>();
  readonly #removedNotifications: LogChanges["removedNotifications"] = [];
  #newNotifications: NotificationRow[] = [];
  readonly #removedEveryone: LogChanges["removedEveryone"] = [];
  #newEveryone: EveryoneNotification[] = [];
  #newRoles: GroupNotification[] = [];
  #newHere: GroupNotification[] = [];
  readonly #newAuditEntries: AuditRow[] = [];
  readonly #activeThreads = new Set<ChannelFacts>();
  readonly #newFollowers: LogChanges["newFollowers"] = [];

  constructor(facts: Facts) {
    this.#facts = facts;
    this.rights = new BatchRights(facts);
    this.automod = new AutomodCheck(facts);
    this.polls = new BatchPolls(facts);
    this.texts = new BatchTexts(facts);
  }

  channel(id: number): ChannelFacts | undefined {
    return this.#facts.channels.get(id);
  }

  /** Sets whether calls of the private channel are left unencrypted. */
  setUnencrypted({ id }: ChannelFacts, isUnencrypted: boolean): void {
    this.#unencrypted.set(id, { id, unencrypted: isUnencrypted ? 1 : 0 });
  }

  message(id: number): MessageRow | undefined {
    return this.#facts.messages.get(id);
  }

  /** The author's message with this nonce, also when an earlier command of the batch sent it. */
  messageByNonce(authorId: number, nonce: string): MessageRow | undefined {
    const id = this.#facts.nonces.get(nonceKey(authorId, nonce));
    return id === undefined ? undefined : this.message(id);
  }

  attachment(id: number): AttachmentRow | undefined {
    return this.#facts.attachments.get(id);
  }

  attachmentsOf(messageId: number): readonly AttachmentRow[] {
    return this.#facts.attachmentsOf.get(messageId) ?? [];
  }

  reactionsOf(messageId: number): readonly ReactionRow[] {
    return this.#facts.reactionsOf.get(messageId) ?? [];
  }

  mentionsOf(messageId: number): readonly number[] {
    return this.#facts.mentionsOf.get(messageId) ?? [];
  }

  /** Whom the message addressed before the batch as one of a role, or of those who were online. */
  groupMentionsOf(messageId: number): readonly number[] {
    return this.#facts.groupMentionsOf.get(messageId) ?? [];
  }

  mentionedRole(id: number): MentionedRole | undefined {
    return this.#facts.mentionedRoles.get(id);
  }

  /** The channel's next position. Take it only when the command can no longer be refused, as positions have no gaps. */
  takeSeq(channel: ChannelFacts): number {
    channel.seq += 1;
    this.#channels.add(channel);
    return channel.seq;
  }

  addMessage(channel: ChannelFacts, fields: Omit<MessageRow, "id" | "seq" | "updated_seq" | "channel_id">): MessageRow {
    const id = take(this.#facts.messageIds);
    const seq = this.takeSeq(channel);
    const row: MessageRow = { id, channel_id: channel.id, seq, updated_seq: seq, ...fields };
    channel.last_message_seq = seq;
    this.#facts.messages.set(id, row);
    if (row.nonce !== null) this.#facts.nonces.set(nonceKey(row.author_id, row.nonce), id);
    this.#newMessages.add(row);
    return row;
  }

  /** Sets the given fields and moves the message's `updated_seq` to the channel's next position. */
  changeMessage(
    channel: ChannelFacts,
    row: MessageRow,
    fields: Partial<
      Pick<
        MessageRow,
        | "content"
        | "fingerprint"
        | "mentions_everyone"
        | "mention_roles"
        | "edited_at"
        | "deleted_at"
        | "pinned_at"
        | "files_removed"
        | "voice_ms"
        | "webhook"
        | "previews"
        | "sticker"
      >
    >,
  ): void {
    const wasPinned = row.pinned_at !== null;
    Object.assign(row, fields, { updated_seq: this.takeSeq(channel) });
    if (!this.#newMessages.has(row)) this.#changedMessages.add(row);
    const pins = Number(row.pinned_at !== null) - Number(wasPinned);
    if (pins !== 0) this.#facts.pinCounts.set(channel.id, this.pinsIn(channel.id) + pins);
  }

  /** Pinned messages of the channel; known in batches with a `pin` command in it. */
  pinsIn(channelId: number): number {
    return this.#facts.pinCounts.get(channelId) ?? 0;
  }

  /** Attaches the rows to the message in the given order. */
  attach(messageId: number, rows: readonly AttachmentRow[]): void {
    for (const [ordinal, row] of rows.entries()) {
      Object.assign(row, { message_id: messageId, ordinal });
      this.#attachments.add(row);
    }
    this.#facts.attachmentsOf.set(messageId, [...rows]);
  }

  /**
   * Deletes the message's attachments, or those with the ids, so that no other message can take them. Returns the keys of
   * their files.
   */
  removeAttachments(messageId: number, ids?: readonly number[]): string[] {
    const present = this.attachmentsOf(messageId);
    const removed = ids === undefined ? present : present.filter(({ id }) => ids.includes(id));
    for (const row of removed) this.#removedAttachments.add(row);
    const kept = present.filter((row) => !removed.includes(row));
    this.#facts.attachmentsOf.set(messageId, kept);
    return removed.map((row) => row.storage_key);
  }

  setMentions({ id, channel_id, seq }: MessageRow, userIds: readonly number[]): void {
    const before = new Set(this.mentionsOf(id));
    const after = new Set(userIds);
    const keyed = (user_id: number) => [`${id} ${user_id}`, { message_id: id, user_id, channel_id, seq }] as const;
    for (const userId of before) if (!after.has(userId)) this.#mentions.remove(...keyed(userId));
    for (const userId of after) if (!before.has(userId)) this.#mentions.add(...keyed(userId));
    this.#facts.mentionsOf.set(
      id,
      [...after].toSorted((a, b) => a - b),
    );
  }

  addReaction(row: ReactionRow): void {
    const rows = [...this.reactionsOf(row.message_id), row];
    this.#facts.reactionsOf.set(
      row.message_id,
      rows.toSorted((a, b) => a.position - b.position || a.seq - b.seq),
    );
    this.#reactions.add(reactionKey(row), row);
  }

  removeReactions(messageId: number, isRemoved: (row: ReactionRow) => boolean): void {
    const [removed, kept] = [
      this.reactionsOf(messageId).filter(isRemoved),
      this.reactionsOf(messageId).filter((r) => !isRemoved(r)),
    ];
    for (const row of removed) this.#reactions.remove(reactionKey(row), row);
    this.#facts.reactionsOf.set(messageId, kept);
  }

  /** Adds a notification; returns its id. */
  notify(fields: Omit<NotificationRow, "id" | "invite_code" | "read_at">): number {
    const id = take(this.#facts.notificationIds);
    this.#newNotifications.push({ id, invite_code: null, read_at: null, ...fields });
    return id;
  }

  /** Deletes all notifications of the message, or only one user's notification of a mention in it. */
  retractNotifications(messageId: number, userId: number | null): void {
    this.#removedNotifications.push({ message_id: messageId, user_id: userId });
    this.#newNotifications = this.#newNotifications.filter(
      (row) => row.message_id !== messageId || (userId !== null && (row.user_id !== userId || row.kind !== "mention")),
    );
  }

  /** An id above those of all notifications so far, and not above those of later ones. */
  nextNotificationId(): number {
    return take(this.#facts.notificationIds);
  }

  notifyEveryone(notification: EveryoneNotification): void {
    this.#newEveryone.push(notification);
  }

  notifyRoles(notification: GroupNotification): void {
    this.#newRoles.push(notification);
  }

  notifyHere(notification: GroupNotification): void {
    this.#newHere.push(notification);
  }

  /** Deletes the message's notifications of kind `everyone`, `here` and `role`. */
  retractEveryone(messageId: number): void {
    this.#removedEveryone.push({ message_id: messageId });
    const isOther = (row: EveryoneNotification) => row.message_id !== messageId;
    this.#newEveryone = this.#newEveryone.filter(isOther);
    this.#newRoles = this.#newRoles.filter(isOther);
    this.#newHere = this.#newHere.filter(isOther);
  }

  /** Adds an entry to the audit log of the channel's server; private channels have none. */
  recordAction(channel: ChannelFacts, record: Omit<AuditRecord, "serverId" | "channel">): void {
    const { id, server_id: serverId, restricted } = channel;
    if (serverId === null) return;
    this.#newAuditEntries.push(auditRow({ ...record, serverId, channel: { id, isRestricted: restricted === 1 } }));
  }

  /** Notes that somebody has written in the thread; whether that took it out of the archive. */
  activate(thread: ChannelFacts, at: number): boolean {
    const wasArchived = isArchived(thread, at);
    Object.assign(thread, { archived: 0, active_at: at });
    this.#activeThreads.add(thread);
    return wasArchived;
  }

  follow(thread: ChannelFacts, userIds: readonly number[], authorId: number): void {
    for (const user_id of userIds) this.#newFollowers.push({ channel_id: thread.id, user_id, author_id: authorId });
  }

  /** The wire message in its current state. */
  present(row: MessageRow): Message {
    const channel = this.#facts.channels.get(row.channel_id);
    if (!channel) throw new Error(`Message ${row.id} was read without its channel.`);
    const answered = row.reply_to_id === null ? undefined : this.message(row.reply_to_id);
    return presentMessage({
      row,
      serverId: channel.server_id,
      author: this.#user(row.author_id),
      replyTo: answered ? { row: answered, author: this.#user(answered.author_id) } : null,
      attachments: this.attachmentsOf(row.id),
      reactions: this.reactionsOf(row.id),
      mentions: this.mentionsOf(row.id),
      thread: this.#facts.threadsOf.get(row.id) ?? null,
      poll: this.polls.of(row.id) ?? null,
      forward: this.texts.forwardOf(row.id) ?? null,
    });
  }

  presentUser(id: number): User {
    return presentUser(this.#user(id));
  }

  /** Net changes of all commands, for LogTransaction.write. */
  changes(): LogChanges {
    return {
      channels: [...this.#channels],
      changedEncryption: [...this.#unencrypted.values()],
      newMessages: [...this.#newMessages],
      changedMessages: [...this.#changedMessages],
      attachments: [...this.#attachments],
      removedAttachments: [...this.#removedAttachments],
      removedMentions: this.#mentions.removed(),
      newMentions: this.#mentions.added(),
      removedReactions: this.#reactions.removed(),
      newReactions: this.#reactions.added(),
      ...this.polls.changes(),
      ...this.texts.changes(),
      removedNotifications: this.#removedNotifications,
      newNotifications: this.#newNotifications,
      removedEveryone: this.#removedEveryone,
      newEveryone: this.#newEveryone,
      newRoles: this.#newRoles,
      newHere: this.#newHere,
      newPrivate: [...this.#newMessages].filter((row) => isNews(row) && this.#isPrivate(row.channel_id)),
      lastSends: this.slowMode.changes(),
      automodSends: this.automod.changes(),
      newAuditEntries: this.#newAuditEntries,
      activeThreads: [...this.#activeThreads],
      newFollowers: this.#newFollowers,
    };
  }

  #isPrivate(channelId: number): boolean {
    return this.#facts.channels.get(channelId)?.server_id === null;
  }

  #user(id: number): AuthorRow {
    const user = this.#facts.people.get(id);
    if (!user) throw new Error(`User ${id} was not read with the batch.`);
    return user;
  }
}

/** The line of a call that was answered tells nobody anything. */
function isNews({ deleted_at, call_ms }: MessageRow): boolean {
  return deleted_at === null && (call_ms === null || call_ms === missedCall);
}

function reactionKey({ message_id, emoji, user_id }: ReactionRow): string {
  return `${message_id} ${user_id} ${emoji}`;
}

function take(ids: number[]): number {
  const id = ids.shift();
  if (id === undefined) throw new Error("Too few ids were reserved for the batch.");
  return id;
}
