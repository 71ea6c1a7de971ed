import { z } from "zod";
import { cleanName, isUsername, normalized } from "@miscord/text";
import { customStatus, ownProfile } from "./own-profile.ts";
import { embeds } from "./embeds.ts";
import { limits } from "./limits.ts";
import { attachment, voiceMs } from "./attachments.ts";
import { quietHours } from "./quiet-hours-schema.ts";
import { retention } from "./retention.ts";

export const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);
export const seq = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
/** Seconds since the epoch, possibly fractional: the times of frames and events. */
export const epochSeconds = z.number();
/** ISO 8601 in UTC: the times inside `data`, resources and HTTP bodies. */
export const isoTime = z.string();

/** A text that is to be cleaned: before that it may be longer, by eight times; more is refused without the work. */
export const uncleaned = (maxLength: number) =>
  z.string().max(8 * maxLength, { abort: true, error: `Too big: expected string to have <=${maxLength} characters` });
/** Letters with their marks, digits, `_`, and inside it `.` and `-`, of any script: names are typed after `@`. In NFC. */
export const username = uncleaned(limits.usernameLength)
  .overwrite((name) => normalized(name, "NFC"))
  .min(limits.usernameMin)
  .max(limits.usernameLength)
  .refine(isUsername, "must be letters, digits, _ . -");
/** One line for people to read, cleaned of what is invisible or turns the direction of the text around it. */
export const title = (maxLength: number) =>
  uncleaned(maxLength)
    .overwrite(cleanName)
    .min(1)
    .max(maxLength)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, "must not hold control characters");
export const displayName = title(limits.displayNameLength);
export const avatarColor = z.string().regex(/^#[0-9a-f]{6}$/);
export const emoji = z
  .string()
  .max(limits.emojiLength)
  .regex(/^\p{RGI_Emoji}$/v, "must be one emoji");
const oneEmoji = /^(?:\p{RGI_Emoji}|<a?:\w{2,32}:[1-9]\d{0,14}>)$/v;
const emojisKept = 500;
const recentEmojis = new Set<string>();

/** The expression tries all sequences of emoji, which took 30 µs; reactions repeat, so recent ones are known. */
function isReactionEmoji(text: string): boolean {
  if (recentEmojis.has(text)) return true;
  if (!oneEmoji.test(text)) return false;
  if (recentEmojis.size >= emojisKept) recentEmojis.clear();
  recentEmojis.add(text);
  return true;
}

/** An emoji of Unicode, or one of a server as a text names it. */
export const reactionEmoji = z.string().max(limits.emojiMarkLength).refine(isReactionEmoji, "must be one emoji");
export const nonce = z.string().min(1).max(limits.nonceLength);

/** The status that a user chooses; others see `invisible` as `offline`. */
export const chosenStatus = z.enum(["online", "idle", "dnd", "invisible"]);
export const status = z.enum(["online", "idle", "dnd", "offline"]);

/** A user as everyone may see them. */
export const user = z.object({
  id,
  username: z.string(),
  display_name: z.string(),
  avatar_url: z.string().nullable(),
  avatar_color: avatarColor,
  /** The account was deleted: the name stands for anybody. */
  is_deleted: z.literal(true).optional(),
  /** A program that a person has made, or a webhook: to be marked as such wherever its name stands. */
  is_bot: z.literal(true).optional(),
  is_webhook: z.literal(true).optional(),
  /** Stands for an author of another system whose messages were imported: nobody can log in to it. */
  is_placeholder: z.literal(true).optional(),
});

/** Whose messages a user accepts: everybody's, those of people who share a server or are friends, friends', nobody's. */
export const messagesFrom = z.enum(["everyone", "servers", "friends", "nobody"]);

export const locale = z.enum(["en", "ru"]);
export const theme = z.enum(["system", "dark", "light"]);

/** The user who is logged in, with the fields that only they see. */
export const me = user.extend({
  email: z.string(),
  is_admin: z.boolean(),
  /** An authenticator app or a passkey. */
  has_second_factor: z.boolean(),
  locale: locale.nullable(),
  theme,
  status: chosenStatus,
  messages_from: messagesFrom,
  quiet_hours: quietHours.nullable(),
  /** The user does not want to see previews of pages; absent otherwise. */
  link_previews: z.literal(false).optional(),
  ...ownProfile.shape,
  /** As others see it while the user is not `invisible`; absent without one. */
  custom_status: customStatus.optional(),
  created_at: isoTime,
  /** The account is about to be deleted, and with it what the user wrote if that is not kept. */
  deletion: z.object({ at: isoTime, messages: z.enum(["keep", "remove"]) }).optional(),
});

/** Reactions are ordered by their first appearance on the message, `user_ids` by the time of reacting. */
export const reaction = z.object({ emoji: z.string(), count: z.number().int().nonnegative(), user_ids: z.array(id) });

/** What a message asks: its text is the question. Who has voted for what is asked for by itself. */
export const poll = z.object({
  /** Named by their places, from 0. */
  answers: z.array(z.object({ text: z.string(), votes: z.number().int().nonnegative() })),
  /** Somebody may choose several answers. */
  multiple: z.boolean(),
  /** Nobody learns who has voted. */
  anonymous: z.boolean(),
  /** In the past: the poll is over. Null: it goes on until it is closed. */
  ends_at: isoTime.nullable(),
  /** People who have voted. */
  voters: z.number().int().nonnegative(),
});

/** A poll as its author writes it. */
export const pollDraft = z.object({
  answers: z
    .array(title(limits.pollAnswerLength))
    .min(2)
    .max(limits.pollAnswers)
    .refine((texts) => new Set(texts).size === texts.length, "must differ"),
  multiple: z.boolean().default(false),
  anonymous: z.boolean().default(false),
  /** Seconds from the moment at which it is sent; null: until it is closed. */
  duration_s: z.number().int().min(limits.pollSecondsMin).max(limits.pollSeconds).nullable().default(null),
});

/**
 * `content` is plain text: without marks, with spoilers covered, cut to `limits.replyPreviewLength`. Empty once the
 * message is deleted. `voice_ms`: it has a voice message of that length.
 */
export const replyPreview = z.object({
  id,
  content: z.string(),
  is_deleted: z.boolean(),
  author: user,
  voice_ms: voiceMs.optional(),
});

/** As a message shows it: with the name that it had when it was sent. */
export const sticker = z.object({ id, name: z.string(), animated: z.boolean() });

export const message = z.object({
  id,
  /** Position in the channel at which the message was created; never changes. */
  seq,
  /** Position in the channel of the latest change of the message. */
  updated_seq: seq,
  channel_id: id,
  /** Repeats `channel_id` for clients of version 1. */
  channelId: id,
  /** Null in a private channel. */
  server_id: id.nullable(),
  content: z.string(),
  timestamp: isoTime,
  edited_at: isoTime.nullable(),
  is_edited: z.boolean(),
  is_deleted: z.boolean(),
  nonce: z.string().optional(),
  author: user,
  attachments: z.array(attachment),
  reactions: z.array(reaction),
  reply_to: replyPreview.nullable(),
  /**
   * Ids of the users whom the message notifies, ascending: those mentioned in the text, and the author of the message
   * it replies to.
   */
  mentions: z.array(id),
  mentions_everyone: z.boolean(),
  /** `@here` addressed those who were online; absent otherwise. */
  mentions_here: z.literal(true).optional(),
  /** Ids of the roles that the message notifies, ascending; absent without any. */
  mention_roles: z.array(id).optional(),
  /** Absent when the message is not pinned. */
  pinned_at: isoTime.optional(),
  /**
   * This is the line that a call in a private channel has left, by the one who called; `content` is empty. `duration_s` is
   * null when nobody answered. With `encryption` it is about the calls to come: its author has turned their end-to-end encryption off, or on again.
   */
  call: z
    .object({ duration_s: z.number().int().nonnegative().nullable(), encryption: z.enum(["off", "on"]).optional() })
    .optional(),
  /** This is no message but the line that says that its author has pinned the one in `reply_to`; `content` is empty. */
  notice: z.literal("pin").optional(),
  /** The thread that was started from the message; absent without one. */
  thread: z.object({ id, name: z.string() }).optional(),
  /** Files of the message that were removed because of their age; absent without any. */
  files_removed: z.number().int().positive().optional(),
  /** Of a webhook, and previews of pages that the text links to; absent without any. */
  embeds: embeds.optional(),
  /** Absent without one. */
  poll: poll.optional(),
  /** The message is this sticker, and `content` its name between colons; absent without one. */
  sticker: sticker.optional(),
  /**
   * What another message said when it was forwarded, and when that was sent; its files are those of this message. `sticker`: that
   * message was this sticker.
   */
  forwarded: z.object({ content: z.string(), timestamp: isoTime, sticker: sticker.optional() }).optional(),
});

/** Permissions as bits, at Discord's positions; a table is in the protocol's documentation. */
export const permissions = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);

export const role = z.object({
  id,
  server_id: id,
  name: z.string(),
  color: avatarColor.nullable(),
  permissions,
  /** Its members are listed apart from the others. */
  hoist: z.boolean(),
  mentionable: z.boolean(),
  /** 0 for the base role, which every member has; a role with a higher position stands above. */
  position: z.number().int().nonnegative(),
  /** The onboarding gives it to whoever chooses it, so it says nothing about its members; absent for all others. */
  offered: z.literal(true).optional(),
});

/** What a channel changes for a role or a member: a bit that is in neither set is inherited. */
export const override = z.object({
  type: z.enum(["role", "member"]),
  /** Id of the role or the user. */
  target_id: id,
  allow: permissions,
  deny: permissions,
});

/** Channels and roles that a new server has from the start. */
export const serverTemplate = z.enum(["blank", "gaming", "open_source", "class", "family"]);
/**
 * A category holds channels, and has neither messages nor calls. A stage is a voice channel with speakers and listeners. What
 * is written in a forum is in its posts, which are threads.
 */
export const channelType = z.enum(["text", "voice", "category", "stage", "forum"]);

/** A mark of posts. Its id is one of its forum only. */
export const forumTag = z.object({
  id,
  name: title(limits.tagNameLength),
  emoji: emoji.nullable(),
  /** Only those who manage threads put it on a post or take it away. */
  moderated: z.boolean(),
});
/** The latest activity, or the newest post first. */
export const postOrder = z.enum(["activity", "newest"]);
export const forumSettings = z.object({
  /** In the order in which they are shown. */
  tags: z.array(forumTag),
  /** A new post has a tag, unless all are moderated. */
  requires_tag: z.boolean(),
  /** Of the list, until a reader chooses another one. */
  order: postOrder,
});
export const channel = z.object({
  id,
  server_id: id,
  name: z.string(),
  type: channelType,
  position: z.number().int().nonnegative(),
  /** The category that the channel is in; null also when the reader does not see that category. */
  category_id: id.nullable(),
  overrides: z.array(override),
  /** Empty: none. */
  topic: z.string(),
  /** Seconds between two messages of a member, in a forum between two new posts; 0: no slow mode. */
  slow_mode_s: z.number().int().nonnegative(),
  /** Calls in it are encrypted from end to end. Only of a voice channel or a stage. */
  is_encrypted: z.boolean().optional(),
  /** Where its calls are forwarded, if they can be there; null: where their participants are nearest. Only of a voice channel or a stage. */
  region: z.string().nullable().optional(),
  /** Null: the channel has no rule of its own. */
  retention: retention.nullable(),
  /** Only of a forum. */
  forum: forumSettings.optional(),
});

/** `mentions`: those by name, replies, and `@everyone`. */
export const notificationLevel = z.enum(["all", "mentions", "nothing"]);
/** What a user chose for the account, a server or a channel; null is inherited from the wider scope. */
export const notificationSetting = z.object({
  level: notificationLevel.nullable(),
  /** Nothing is announced before this time; in the past: not muted. */
  muted_until: isoTime.nullable(),
  /** `@everyone` and `@here` are no mention. */
  suppress_everyone: z.boolean().nullable(),
  /** A mention of a role is no mention of the user. */
  suppress_roles: z.boolean().nullable(),
});

/** A channel with the caller's read position. Unread: `last_message_seq > read_seq`. */
export const channelState = channel.extend({
  last_message_seq: seq,
  read_seq: seq,
  /** How often the user has marked the channel unread: a position of an earlier time is outdated. Absent: never. */
  read_generation: seq.optional(),
  mention_count: z.number().int().nonnegative(),
  /** Absent when everything is inherited. */
  notifications: notificationSetting.optional(),
});

/**
 * What a participant of a voice channel may not do, whatever their client says: what moderators of the server imposed, and
 * (`is_suppressed`) speaking and showing for those who lack the permission and the listeners of a stage, and
 * (`is_video_suppressed`) showing a camera or a screen for those who lack that permission. Who is so muted or deafened counts
 * as `is_muted` or `is_deafened`.
 */
export const restraint = {
  is_server_muted: z.boolean(),
  is_server_deafened: z.boolean(),
  is_suppressed: z.boolean(),
  is_video_suppressed: z.boolean(),
};

/** A participant of a voice channel, as members of the server see them without joining. */
export const voiceState = z.object({
  channel_id: id,
  user,
  is_muted: z.boolean(),
  is_deafened: z.boolean(),
  is_sharing: z.boolean(),
  is_camera_on: z.boolean(),
  /** A listener of a stage asks to speak. */
  is_hand_raised: z.boolean(),
  ...restraint,
});

export const member = user.extend({
  status,
  /** Absent without one, and for who is offline. */
  custom_status: customStatus.optional(),
  joined_at: isoTime,
  is_owner: z.boolean(),
  /** Besides the base role, ascending. */
  role_ids: z.array(id),
  /** Until then the member may only read; null, or in the past: no time out. */
  timed_out_until: isoTime.nullable(),
  /** The name that the member has in this server instead of the display name; null for none. */
  nickname: z.string().nullable(),
});

export const invite = z.object({
  code: z.string(),
  server_id: id,
  created_by: user,
  created_at: isoTime,
  expires_at: isoTime.nullable(),
  max_uses: z.number().int().positive().nullable(),
  uses: z.number().int().nonnegative(),
});

/** The last two: the outcome of a report of the user, who is the `actor`. */
export const notificationKind = z.enum([
  "mention",
  "reply",
  "everyone",
  "here",
  "role",
  "invite",
  "report_acted",
  "report_dismissed",
]);
export const notification = z.object({
  id,
  kind: notificationKind,
  created_at: isoTime,
  is_read: z.boolean(),
  actor: user,
  server_id: id,
  server_name: z.string(),
  channel_id: id.nullable(),
  channel_name: z.string().nullable(),
  /** Of a thread. */
  parent_id: id.optional(),
  message_id: id.nullable(),
  /** Present text of the message as a preview, like `ReplyPreview.content`; empty once it is deleted. */
  excerpt: z.string(),
  /** Length of a voice message; as in `ReplyPreview`. */
  voice_ms: voiceMs.optional(),
  invite_code: z.string().nullable(),
});

export const session = z.object({
  id: z.string(),
  created_at: isoTime,
  last_used_at: isoTime,
  user_agent: z.string(),
  address: z.string(),
  is_current: z.boolean(),
});

export type User = z.infer<typeof user>;
export type Me = z.infer<typeof me>;
export type Reaction = z.infer<typeof reaction>;
export type ReplyPreview = z.infer<typeof replyPreview>;
export type Poll = z.infer<typeof poll>;
export type Sticker = z.infer<typeof sticker>;
export type PollDraft = z.infer<typeof pollDraft>;
export type Message = z.infer<typeof message>;
export type Role = z.infer<typeof role>;
export type ChannelOverride = z.infer<typeof override>;
export type Channel = z.infer<typeof channel>;
export type ServerTemplate = z.infer<typeof serverTemplate>;
export type ChannelType = z.infer<typeof channelType>;
export type ForumTag = z.infer<typeof forumTag>;
export type ForumSettings = z.infer<typeof forumSettings>;
export type PostOrder = z.infer<typeof postOrder>;
export type ChannelState = z.infer<typeof channelState>;
export type MessagesFrom = z.infer<typeof messagesFrom>;
export type VoiceState = z.infer<typeof voiceState>;
export type Member = z.infer<typeof member>;
export type Invite = z.infer<typeof invite>;
export type Notification = z.infer<typeof notification>;
export type NotificationLevel = z.infer<typeof notificationLevel>;
export type NotificationSetting = z.infer<typeof notificationSetting>;
export type NotificationKind = z.infer<typeof notificationKind>;
export type SessionInfo = z.infer<typeof session>;
export type Status = z.infer<typeof status>;
export type ChosenStatus = z.infer<typeof chosenStatus>;
export type Locale = z.infer<typeof locale>;
export type Theme = z.infer<typeof theme>;
