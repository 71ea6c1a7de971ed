import { z } from "zod";
import { limits } from "./limits.ts";
import { attachmentRefs, ref } from "./main-commands.ts";
import { errorEvent } from "./main-events.ts";
import { epochSeconds as timestamp, id, message, nonce, seq, user } from "./model.ts";

/** A person as clients of version 1 know one. */
export const legacyUser = user.pick({ id: true, username: true, display_name: true, avatar_url: true });

/** Never null: when the last one goes, `count` is 0 and `users` is empty. */
export const legacyReaction = z.object({
  /** The same for the same message and emoji, always and everywhere. */
  id,
  emoji: z.string(),
  count: z.number().int().nonnegative(),
  users: z.array(legacyUser),
  /** Whether the reader of this frame is one of them. */
  current_user_reacted: z.boolean(),
});

export const legacyMessage = message.extend({ reactions: z.array(legacyReaction) });

export const legacyChatCommand = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("message"),
    ref,
    text_channel_id: id,
    content: z.string().max(limits.messageLength),
    attachments: attachmentRefs.nullish(),
    reply_to_id: id.nullish(),
    nonce: nonce.optional(),
  }),
  z.object({ type: z.literal("typing"), ref, text_channel_id: id }),
  z.object({ type: z.literal("heartbeat"), ref, timestamp: z.number().optional() }),
  z.object({ type: z.literal("pong"), ref }),
]);

/** What every legacy socket may hear besides its own events. */
export const legacySocketEvents = [z.object({ type: z.literal("ping"), timestamp }), errorEvent] as const;

/** The position that the event took, as on `/ws/main`. Clients of version 1 do not know it; ours must not miss or repeat. */
const position = { seq };

export const legacyChatEvents = [
  z.object({ type: z.literal("new_message"), ...position, data: legacyMessage }),
  z.object({ type: z.literal("message_edited"), ...position, data: legacyMessage }),
  z.object({
    type: z.literal("message_deleted"),
    ...position,
    data: z.object({ message_id: id, text_channel_id: id }),
  }),
  z.object({
    type: z.literal("reaction_updated"),
    ...position,
    data: z.object({
      message_id: id,
      text_channel_id: id,
      emoji: z.string(),
      reaction: legacyReaction,
      was_removed: z.boolean(),
      user: legacyUser,
    }),
  }),
  z.object({ type: z.literal("typing"), user: user.pick({ id: true, username: true }), text_channel_id: id }),
  z.object({ type: z.literal("heartbeat_ack"), timestamp, client_timestamp: z.number().optional() }),
  ...legacySocketEvents,
] as const;

export const legacyChatEvent = z.discriminatedUnion("type", legacyChatEvents);

export type LegacyUser = z.infer<typeof legacyUser>;
export type LegacyReaction = z.infer<typeof legacyReaction>;
export type LegacyMessage = z.infer<typeof legacyMessage>;
export type LegacyChatCommand = z.infer<typeof legacyChatCommand>;
export type LegacyChatEvent = z.infer<typeof legacyChatEvent>;
