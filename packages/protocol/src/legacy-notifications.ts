import { z } from "zod";
import { announcement } from "./instance-settings.ts";
import { legacySocketEvents, legacyUser } from "./legacy-chat.ts";
import { ref } from "./main-commands.ts";
import { channel, epochSeconds as timestamp, id, status, user } from "./model.ts";
import { customStatus } from "./own-profile.ts";
import { server, serverState } from "./server-state.ts";

export const legacyNotificationsCommand = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ping"), ref }),
  z.object({ type: z.literal("pong"), ref }),
]);

const person = user.pick({ id: true, username: true });
/** Version 1 called a server a channel: in all of these events `channel_id` is the id of a server. */
const ofServer = { channel_id: id };
const member = { user_id: id, username: z.string(), ...ofServer };
const inVoice = { ...member, voice_channel_id: id };

/** `serverId` repeats `server_id` for clients of version 1, which know no categories. */
const legacyChannel = channel
  .omit({
    overrides: true,
    category_id: true,
    topic: true,
    slow_mode_s: true,
    retention: true,
    forum: true,
    is_encrypted: true,
    region: true,
  })
  .extend({ type: channel.shape.type.exclude(["category", "forum"]), serverId: id });

export const legacyNotificationsEvents = [
  z.object({
    type: z.literal("channel_invitation"),
    ...ofServer,
    channel_name: z.string(),
    /** The inviting user's username. */
    invited_by: z.string(),
    invite_code: z.string(),
  }),
  z.object({ type: z.literal("user_joined_channel"), ...member }),
  z.object({ type: z.literal("user_left_channel"), ...member }),
  /** A channel of the server was changed or deleted, or the channels were reordered. */
  z.object({
    type: z.literal("channel_updated"),
    ...ofServer,
    changes: z.object({
      channel: legacyChannel.optional(),
      deleted_channel_id: id.optional(),
      channel_order: z.array(id).optional(),
    }),
  }),
  z.object({ type: z.literal("voice_channel_join"), ...inVoice, voice_channel_name: z.string() }),
  z.object({ type: z.literal("voice_channel_leave"), ...inVoice, voice_channel_name: z.string() }),
  z.object({ type: z.literal("screen_share_started"), ...inVoice }),
  z.object({ type: z.literal("screen_share_stopped"), ...inVoice }),
  z.object({
    type: z.literal("user_status_changed"),
    user_id: id,
    username: z.string(),
    status,
    /** For SDKs in legacy mode; absent without one. */
    custom_status: customStatus.optional(),
    is_online: z.boolean(),
    timestamp,
  }),
  /** The user created or joined this server. */
  z.object({
    type: z.literal("server_created"),
    server: server.pick({ id: true, name: true, owner_id: true, created_at: true }).extend({
      owner: legacyUser,
      members_count: serverState.shape.member_count,
      channels: z.array(legacyChannel),
      /** The same channels by type. */
      text_channels: z.array(legacyChannel),
      voice_channels: z.array(legacyChannel),
    }),
    /** The owner. */
    created_by: person,
  }),
  z.object({
    type: z.literal("server_updated"),
    server_id: id,
    ...ofServer,
    name: z.string(),
    updated_by: person,
  }),
  /** The server was deleted, or the user left it or was removed. */
  z.object({
    type: z.literal("server_deleted"),
    server_id: id,
    ...ofServer,
    server_name: z.string(),
    reason: z.enum(["left", "kicked", "banned", "deleted"]),
    /** Who deleted the server or removed the user; the user themselves when they left. */
    deleted_by: person,
  }),
  /** Sent once for each server that the two users share. */
  z.object({
    type: z.literal("user_profile_updated"),
    user_id: id,
    username: z.string(),
    display_name: z.string(),
    avatar_url: z.string().nullable(),
  }),
  z.object({
    type: z.literal("text_channel_created"),
    ...ofServer,
    text_channel: legacyChannel,
    created_by: person,
  }),
  z.object({
    type: z.literal("voice_channel_created"),
    ...ofServer,
    voice_channel: legacyChannel,
    created_by: person,
  }),
  /** What administrators tell everybody; null once it is over. */
  z.object({ type: z.literal("announcement"), announcement: announcement.nullable() }),
  z.object({ type: z.literal("pong"), timestamp }),
  ...legacySocketEvents,
] as const;

export const legacyNotificationsEvent = z.discriminatedUnion("type", legacyNotificationsEvents);

export type LegacyChannel = z.infer<typeof legacyChannel>;
export type LegacyNotificationsCommand = z.infer<typeof legacyNotificationsCommand>;
export type LegacyNotificationsEvent = z.infer<typeof legacyNotificationsEvent>;
