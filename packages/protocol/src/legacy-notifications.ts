import { z } from "zod";
import { legacySocketEvents } from "./legacy-chat.ts";
import { ref } from "./main-commands.ts";
import { channel, epochSeconds as timestamp, id, server, status, user } from "./model.ts";

export const legacyNotificationsCommand = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ping"), ref }),
  z.object({ type: z.literal("pong"), ref }),
]);

const person = user.pick({ id: true, username: true });
/** For clients of version 1 a server is a channel: `channel_id` is its id, here and in all of these events. */
const ofServer = { channel_id: id };
const member = { user_id: id, username: z.string(), ...ofServer };
const inVoice = { ...member, voice_channel_id: id };

/** `serverId` repeats `server_id` for them. */
const legacyChannel = channel.extend({ serverId: id });

export const legacyNotificationsEvents = [
  z.object({
    type: z.literal("channel_invitation"),
    ...ofServer,
    channel_name: z.string(),
    /** Their username. */
    invited_by: z.string(),
    invite_code: z.string(),
  }),
  z.object({ type: z.literal("user_joined_channel"), ...member }),
  z.object({ type: z.literal("user_left_channel"), ...member }),
  /** Channels of the server are no longer what they were. */
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
    is_online: z.boolean(),
    timestamp,
  }),
  /** Made or joined: it is one of the reader's servers from now on. */
  z.object({ type: z.literal("server_created"), server: server.extend({ channels: z.array(legacyChannel) }) }),
  z.object({ type: z.literal("server_updated"), server_id: id, ...ofServer, name: z.string() }),
  /** Deleted, or left, or the reader was removed: it is one of the reader's servers no longer. */
  z.object({
    type: z.literal("server_deleted"),
    server_id: id,
    ...ofServer,
    server_name: z.string(),
    reason: z.enum(["left", "kicked", "banned", "deleted"]),
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
  z.object({ type: z.literal("pong"), timestamp }),
  ...legacySocketEvents,
] as const;

export const legacyNotificationsEvent = z.discriminatedUnion("type", legacyNotificationsEvents);

export type LegacyChannel = z.infer<typeof legacyChannel>;
export type LegacyNotificationsCommand = z.infer<typeof legacyNotificationsCommand>;
export type LegacyNotificationsEvent = z.infer<typeof legacyNotificationsEvent>;
