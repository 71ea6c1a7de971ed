import { z } from "zod";
import { limits } from "./limits.ts";
import { attachmentRefs, ref } from "./main-commands.ts";
import { errorEvent } from "./main-events.ts";
import { epochSeconds as timestamp, id, message, nonce, pollDraft, seq, user } from "./model.ts";

/** A user as clients of version 1 receive one. */
export const legacyUser = user.pick({ id: true, username: true, display_name: true, avatar_url: true });

/** A reaction as in version 1. When the last user removes theirs, `count` is 0 and `users` is empty. */
export const legacyReaction = z.object({
  /** Derived from the message and the emoji: always the same for the same pair. */
  id,
  emoji: z.string(),
  count: z.number().int().nonnegative(),
  users: z.array(legacyUser),
  /** Whether the user who receives the frame is one of `users`. */
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
    /** Of the SDK in legacy mode. */
    poll: pollDraft.optional(),
    sticker_id: id.optional(),
  }),
  z.object({ type: z.literal("typing"), ref, text_channel_id: id }),
  z.object({ type: z.literal("heartbeat"), ref, timestamp: z.number().optional() }),
  z.object({ type: z.literal("pong"), ref }),
]);

/** Events of every legacy socket, besides its own. */
export const legacySocketEvents = [
  z.object({ type: z.literal("ping"), timestamp }),
  errorEvent,
  /** Follows an `error` with the code `rate_limited`: version 1 has handlers for this event alone. */
  z.object({
    type: z.literal("rate_limit"),
    message: z.string(),
    retry_after_seconds: z.number().nonnegative(),
    /** Only on chat sockets: their channel. */
    text_channel_id: id.optional(),
  }),
] as const;

/**
 * The event's position, as on `/ws/main`. Clients of version 1 ignore it; the SDK in legacy mode needs it to detect
 * gaps and duplicates.
 */
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

export type LegacySocketEvent = z.infer<(typeof legacySocketEvents)[number]>;
export type LegacyUser = z.infer<typeof legacyUser>;
export type LegacyReaction = z.infer<typeof legacyReaction>;
export type LegacyMessage = z.infer<typeof legacyMessage>;
export type LegacyChatCommand = z.infer<typeof legacyChatCommand>;
export type LegacyChatEvent = z.infer<typeof legacyChatEvent>;
