import { z } from "zod";
import { errorTable, type ErrorCode } from "./codes.ts";
import {
  channel,
  channelState,
  epochSeconds,
  id,
  isoTime,
  member,
  message,
  notification,
  notificationKind,
  notificationSetting,
  override,
  reaction,
  role,
  seq,
  status,
  user,
  voiceState,
} from "./model.ts";
import { customStatus } from "./own-profile.ts";
import { customEmoji } from "./emojis.ts";
import { serverSound } from "./sounds.ts";
import { favouriteGif } from "./gifs.ts";
import { post } from "./forums.ts";
import { instanceState } from "./instance-settings.ts";
import { memberListPage } from "./members.ts";
import { server, serverState, thread, threadState } from "./server-state.ts";
import { draft, reminder } from "./own-messages.ts";
import { dm, dmState, relationship, ring } from "./private.ts";
import { voiceMs } from "./attachments.ts";

export const errorCode = z.enum(Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]);
const timestamp = epochSeconds;
const person = user.pick({ id: true, username: true });

/** `server_id` is null, and the name empty, for the call of a private channel. */
const voiceChannel = { server_id: id.nullable(), channel_id: id, channel_name: z.string() };
const sharer = { server_id: id.nullable(), channel_id: id, user_id: id, username: z.string() };

/**
 * Position that the event follows, when it is not `seq - 1`: the positions between belong to messages that have changed
 * again since, and come with their later change.
 */
const after_seq = seq.optional();

/** Events with a position: `seq` rises by one with every event of the channel. */
export const channelEvents = [
  z.object({ type: z.literal("new_message"), channel_id: id, seq, after_seq, data: message }),
  z.object({ type: z.literal("message_edited"), channel_id: id, seq, after_seq, data: message }),
  z.object({
    type: z.literal("message_deleted"),
    channel_id: id,
    seq,
    after_seq,
    data: z.object({ message_id: id, channel_id: id, text_channel_id: id }),
  }),
  z.object({
    type: z.literal("reaction_updated"),
    channel_id: id,
    seq,
    after_seq,
    data: z.object({ message_id: id, channel_id: id, emoji: z.string(), reaction, was_removed: z.boolean(), user }),
  }),
] as const;

/** Low-priority events: only the latest per subject is kept, and they are dropped first for slow connections. */
export const transientEvents = [
  z.object({ type: z.literal("typing"), user: person, channel_id: id, timestamp }),
  /** `custom_status`: absent without one, and for who is offline. It ends by itself: no event tells of that. */
  z.object({
    type: z.literal("user_status_changed"),
    user_id: id,
    username: z.string(),
    status,
    custom_status: customStatus.optional(),
    timestamp,
  }),
  z.object({ type: z.literal("user_joined_channel"), user, channel_id: id, timestamp }),
  z.object({ type: z.literal("user_left_channel"), user, channel_id: id, timestamp }),
  /** All users who are speaking in a voice channel, for members outside it; at most once a second. */
  z.object({ type: z.literal("voice_speaking"), server_id: id, channel_id: id, user_ids: z.array(id) }),
  z.object({ type: z.literal("channel_activity"), server_id: id, channels: z.record(z.string(), seq) }),
] as const;

/** Events about a server, sent to all its members; those of calls in private channels go to their people. */
export const serverEvents = [
  /** A forum has a new post: its `last_message_seq`, which counts posts. To those who see it. */
  z.object({ type: z.literal("forum_activity"), server_id: id, channel_id: id, seq }),
  /** `actor_id`: the user who changed it. */
  z.object({ type: z.literal("server_updated"), server, actor_id: id.optional() }),
  z.object({ type: z.literal("server_deleted"), server_id: id }),
  z.object({ type: z.literal("channel_created"), server_id: id, channel, created_by: person }),
  z.object({ type: z.literal("channel_updated"), server_id: id, channel }),
  /** `is_category` is absent for channels that are none. */
  z.object({
    type: z.literal("channel_deleted"),
    server_id: id,
    channel_id: id,
    is_category: z.boolean().optional(),
  }),
  /** `positions`: of the channels in `channel_ids`. Channels that not all members see come in `channel_updated`. */
  z.object({
    type: z.literal("channels_reordered"),
    server_id: id,
    channel_ids: z.array(id),
    positions: z.array(z.number().int().nonnegative()),
  }),
  z.object({ type: z.literal("role_created"), server_id: id, role }),
  z.object({ type: z.literal("role_updated"), server_id: id, role }),
  z.object({ type: z.literal("role_deleted"), server_id: id, role_id: id }),
  /** All roles, the base role first. */
  z.object({ type: z.literal("roles_reordered"), server_id: id, role_ids: z.array(id) }),
  z.object({ type: z.literal("emoji_created"), server_id: id, emoji: customEmoji }),
  z.object({ type: z.literal("emoji_updated"), server_id: id, emoji: customEmoji }),
  z.object({ type: z.literal("emoji_deleted"), server_id: id, emoji_id: id }),
  z.object({ type: z.literal("sticker_created"), server_id: id, sticker: customEmoji }),
  z.object({ type: z.literal("sticker_updated"), server_id: id, sticker: customEmoji }),
  z.object({ type: z.literal("sticker_deleted"), server_id: id, sticker_id: id }),
  z.object({ type: z.literal("sound_created"), server_id: id, sound: serverSound }),
  z.object({ type: z.literal("sound_updated"), server_id: id, sound: serverSound }),
  z.object({ type: z.literal("sound_deleted"), server_id: id, sound_id: id }),
  z.object({
    type: z.literal("member_updated"),
    server_id: id,
    user_id: id,
    role_ids: z.array(id),
    timed_out_until: isoTime.nullable(),
    nickname: z.string().nullable(),
  }),
  z.object({ type: z.literal("member_joined"), server_id: id, member }),
  z.object({
    type: z.literal("member_left"),
    server_id: id,
    user_id: id,
    username: z.string(),
    reason: z.enum(["left", "kicked", "banned"]),
  }),
  /** `server_id` is null for those who know the user from private channels or as a friend. */
  z.object({ type: z.literal("user_updated"), server_id: id.nullable(), user }),
  z.object({ type: z.literal("voice_channel_join"), ...voiceChannel, user, timestamp }),
  z.object({ type: z.literal("voice_channel_leave"), ...voiceChannel, user_id: id, username: z.string(), timestamp }),
  /** A participant was muted, deafened or neither. */
  z.object({ type: z.literal("voice_state_updated"), server_id: id.nullable(), state: voiceState }),
  z.object({ type: z.literal("screen_share_started"), ...sharer }),
  z.object({ type: z.literal("screen_share_stopped"), ...sharer }),
] as const;

/**
 * Events about what one user sees, sent to each connection by itself. They may come twice, and then say the same.
 */
export const visibilityEvents = [
  /** The user sees the channel from now on. */
  z.object({
    type: z.literal("channel_added"),
    server_id: id,
    channel: channelState,
    voice_states: z.array(voiceState),
  }),
  /**
   * The user no longer sees the channel, which may exist or not. `server_id` is null for a private channel;
   * `is_category` is absent for channels that are none.
   */
  z.object({
    type: z.literal("channel_removed"),
    server_id: id.nullable(),
    channel_id: id,
    is_category: z.boolean().optional(),
  }),
  z.object({ type: z.literal("overrides_updated"), server_id: id, channel_id: id, overrides: z.array(override) }),
  /** The user follows the thread from now on, or it is back from the archive. */
  z.object({ type: z.literal("thread_followed"), server_id: id, thread: threadState }),
  z.object({ type: z.literal("thread_unfollowed"), channel_id: id }),
  /** To those who follow the thread or have it open. */
  z.object({ type: z.literal("thread_updated"), server_id: id, thread }),
  /** For clients that do not compute permissions: those of the user may have changed. */
  z.object({ type: z.literal("permissions_changed"), server_id: id }),
] as const;

/** Events about the posts of a forum, sent to connections that have joined the forum. */
export const forumEvents = [
  /** A post is new or has changed. Activity in it comes together, some times a second at most. */
  z.object({ type: z.literal("post_updated"), server_id: id, channel_id: id, post }),
  z.object({ type: z.literal("post_removed"), server_id: id, channel_id: id, post_id: id }),
] as const;

/** Events sent to all connections of one user. */
export const userEvents = [
  z.object({ type: z.literal("server_joined"), server: serverState }),
  z.object({
    type: z.literal("server_left"),
    server_id: id,
    server_name: z.string(),
    reason: z.enum(["left", "kicked", "banned", "deleted"]),
    /** The user who deleted the server or removed the member; the member themselves when they left. */
    actor_id: id.optional(),
  }),
  z.object({
    type: z.literal("read_updated"),
    channel_id: id,
    seq,
    mentions: z.number().int().nonnegative(),
    /** As in `ChannelState`. */
    read_generation: seq.optional(),
    /** The channel's position when the mentions were counted: a count as of an earlier position is outdated. */
    as_of: seq.optional(),
  }),
  z.object({ type: z.literal("notification"), data: notification }),
  z.object({ type: z.literal("notifications_read"), ids: z.array(id).nullable() }),
  /** The user's setting of the scope (`account`, `server:ID` or `channel:ID`), as it is from now on. */
  z.object({ type: z.literal("notification_level_updated"), scope: z.string(), setting: notificationSetting }),
  /**
   * The user's notifications that match all of the fields are gone. Those of a deleted channel, or of a server that was
   * deleted or left, are gone with `channel_deleted`, `server_deleted` and `server_left`, without this event; invites
   * stay when the server is only left.
   */
  z.object({
    type: z.literal("notifications_removed"),
    server_id: id.optional(),
    message_id: id.optional(),
    kind: notificationKind.optional(),
    /** Only those with a lower id: the same message may notify again. */
    before_id: id.optional(),
  }),
  z.object({
    type: z.literal("channel_invitation"),
    channel_id: id,
    channel_name: z.string(),
    invited_by: person,
    invite_code: z.string(),
    timestamp,
  }),
  z.object({ type: z.literal("me_updated"), user_id: id }),
  /** The user's scheduled messages are others than before. `refused`: one could not be sent, and why. */
  z.object({
    type: z.literal("scheduled_changed"),
    refused: z.object({ channel_id: id, code: errorCode }).optional(),
  }),
  /** A draft of the user, as it is from now on. */
  draft.extend({ type: z.literal("draft_updated") }),
  /** A GIF is among those that the user keeps, or not any more. */
  z.object({ type: z.literal("favourite_gif_added"), gif: favouriteGif }),
  z.object({ type: z.literal("favourite_gif_removed"), gif_id: id }),
  /** The time of a reminder has come, or with null: it was dismissed. */
  z.object({ type: z.literal("reminder_updated"), message_id: id, reminder: reminder.nullable() }),
  /** What the user has chosen in a poll, as of the message's position `seq`. */
  z.object({ type: z.literal("poll_voted"), message_id: id, seq, answers: z.array(z.number().int()) }),
  /** An export of the user has another state: `GET /api/me/exports`. */
  z.object({ type: z.literal("exports_changed") }),
  /** To administrators: an import has another state: `GET /api/instance/imports`. */
  z.object({ type: z.literal("imports_changed") }),
  /**
   * To administrators: who says to be an imported author is another list than before. And to whoever said so. `news`: what to tell
   * the receiver; absent when they did it themselves.
   */
  z.object({
    type: z.literal("author_claims_changed"),
    news: z.enum(["asked", "accepted", "declined"]).optional(),
  }),
  /** To those who work on the reports of the server, or with null of the instance; their lists have changed. */
  z.object({ type: z.literal("reports_changed"), server_id: id.nullable(), report_id: id, is_new: z.boolean() }),
  /** The user has accepted the rules of the server. */
  z.object({ type: z.literal("rules_accepted"), server_id: id }),
  /** The user has answered the onboarding of the server, or skipped it. */
  z.object({ type: z.literal("onboarded"), server_id: id }),
  /** To those who manage the server: its AutoMod rules are others than before. */
  z.object({ type: z.literal("automod_rules_changed"), server_id: id }),
  /** The user is in a private channel from now on. It may come twice, and then says the same. */
  z.object({ type: z.literal("dm_created"), channel: dmState }),
  /** Name, owner or people of a private channel. */
  z.object({ type: z.literal("dm_updated"), channel: dm }),
  /** A new message in a private channel. `message` is null for its author, and for those who hide the author. */
  z.object({
    type: z.literal("dm_activity"),
    channel_id: id,
    seq,
    last_message_at: isoTime,
    message: z
      .object({
        id,
        author: user,
        excerpt: z.string(),
        is_missed_call: z.literal(true).optional(),
        voice_ms: voiceMs.optional(),
      })
      .nullable(),
  }),
  /** Somebody is called to a private channel. To all of its people, for whom it is no request. */
  z.object({ type: z.literal("call_ringing"), channel_id: id, ring }),
  /** The ring with this token is over: answered, declined, or nobody came. */
  z.object({ type: z.literal("call_ring_ended"), channel_id: id, user_id: id, token: z.string() }),
  z.object({ type: z.literal("relationship_updated"), relationship }),
  z.object({ type: z.literal("relationship_removed"), user_id: id }),
] as const;

/** A refused command, on every kind of socket. */
export const errorEvent = z.object({
  type: z.literal("error"),
  code: errorCode,
  message: z.string(),
  ref: z.union([z.string(), z.number()]).optional(),
  nonce: z.string().optional(),
  retry_after_ms: z.number().int().nonnegative().optional(),
});

/** Events that keep a socket alive or announce its end, the same on `/ws/main` and `/ws/voice`. */
export const socketEvents = [
  z.object({ type: z.literal("heartbeat_ack"), timestamp, client_timestamp: z.number().optional() }),
  z.object({ type: z.literal("ping"), timestamp }),
  z.object({ type: z.literal("pong"), timestamp }),
  z.object({ type: z.literal("token_expiring"), expires_in_ms: z.number().int().nonnegative() }),
  z.object({ type: z.literal("server_draining"), reconnect_after_ms: z.number().int().nonnegative() }),
  errorEvent,
] as const;

/** Events sent to one connection only; never coalesced. */
export const connectionEvents = [
  z.object({
    type: z.literal("connection_established"),
    user_id: id,
    timestamp,
    server_info: z.object({
      version: z.string(),
      features: z.array(z.string()),
      /** Random id of the node that holds the connection; another one after its restart. */
      node: z.string().optional(),
    }),
    session_id: z.string(),
    heartbeat_interval_ms: z.number().int().positive(),
    epoch: z.string(),
    instance: instanceState.optional(),
  }),
  /** What administrators have set, as it is from now on. */
  z.object({ type: z.literal("instance_updated"), instance: instanceState }),
  z.object({
    type: z.literal("message_ack"),
    nonce: z.string(),
    id,
    channel_id: id,
    seq,
    /** Members whom the text names and who do not see the channel: they are not notified. */
    not_notified: z.array(id).optional(),
  }),
  /** A page of a member list that the connection shows, as it is from now on; at most one a second. */
  memberListPage.extend({ type: z.literal("member_list"), server_id: id }),
  z.object({ type: z.literal("channel_synced"), channel_id: id, seq, recovered: z.boolean() }),
  /** Events other than those of joined channels may have been missed: the client loads its account's state anew. */
  z.object({ type: z.literal("resync"), timestamp }),
  ...socketEvents,
] as const;

export const mainEvent = z.discriminatedUnion("type", [
  ...channelEvents,
  ...transientEvents,
  ...serverEvents,
  ...visibilityEvents,
  ...forumEvents,
  ...userEvents,
  ...connectionEvents,
]);
export const batch = z.object({ type: z.literal("batch"), messages: z.array(mainEvent), timestamp });
export const mainFrame = z.union([batch, mainEvent]);

export type ChannelEvent = z.infer<(typeof channelEvents)[number]>;
export type TransientEvent = z.infer<(typeof transientEvents)[number]>;
export type ServerEvent = z.infer<(typeof serverEvents)[number]>;
export type VisibilityEvent = z.infer<(typeof visibilityEvents)[number]>;
export type ForumEvent = z.infer<(typeof forumEvents)[number]>;
export type UserEvent = z.infer<(typeof userEvents)[number]>;
export type ConnectionEvent = z.infer<(typeof connectionEvents)[number]>;
export type SocketEvent = z.infer<(typeof socketEvents)[number]>;
export type MainEvent = z.infer<typeof mainEvent>;
export type Batch = z.infer<typeof batch>;
export type MainFrame = Batch | MainEvent;
