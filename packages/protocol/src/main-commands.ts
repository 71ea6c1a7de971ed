import { z } from "zod";
import { limits } from "./limits.ts";
import { membersInSight } from "./members.ts";
import { chosenStatus, id, nonce, pollDraft, reactionEmoji, seq } from "./model.ts";
import { chosenAnswers } from "./poll-calls.ts";

/** Any command may carry `ref`; the `error` that refuses the command repeats it. */
export const ref = z.union([z.string().max(64), z.number()]).optional();
const content = z.string().max(limits.messageLength);

/** Ids of uploads, or their `file_url`s as clients of version 1 send them. */
export const attachmentRefs = z
  .array(z.union([id, z.string().max(limits.fileUrlLength)]))
  .max(limits.attachmentsPerMessage);

export const chatMessage = z.object({
  type: z.literal("chat_message"),
  ref,
  channel_id: id,
  content,
  attachments: attachmentRefs.optional(),
  reply_to_id: id.nullish(),
  nonce: nonce.optional(),
  /** The message is a poll, and its text the question. */
  poll: pollDraft.optional(),
  /** The message is this sticker, and its text the sticker's name, whatever `content` says. */
  sticker_id: id.optional(),
});

export const mainCommand = z.discriminatedUnion("type", [
  chatMessage,
  z.object({ type: z.literal("typing"), ref, channel_id: id }),
  z.object({ type: z.literal("heartbeat"), ref, timestamp: z.number().optional() }),
  z.object({ type: z.literal("ping"), ref, timestamp: z.number().optional() }),
  z.object({ type: z.literal("pong"), ref }),
  z.object({
    type: z.literal("join_channel"),
    ref,
    channel_id: id,
    after_seq: seq.optional(),
    epoch: z.string().max(64).optional(),
  }),
  z.object({ type: z.literal("leave_channel"), ref, channel_id: id }),
  z.object({ type: z.literal("reaction_add"), ref, message_id: id, emoji: reactionEmoji, channel_id: id.optional() }),
  z.object({
    type: z.literal("reaction_remove"),
    ref,
    message_id: id,
    emoji: reactionEmoji,
    channel_id: id.optional(),
  }),
  /** `answers`: in place of those chosen before; none takes the vote back. */
  z.object({ type: z.literal("poll_vote"), ref, message_id: id, answers: chosenAnswers }),
  z.object({ type: z.literal("message_edit"), ref, message_id: id, content }),
  z.object({ type: z.literal("message_delete"), ref, message_id: id }),
  z.object({ type: z.literal("mark_read"), ref, channel_id: id, seq }),
  /** What the connection shows of member lists, in place of what it said before; see "Members in sight". */
  z.object({
    type: z.literal("watch_members"),
    ref,
    lists: z.array(membersInSight).max(limits.memberListsInSight),
  }),
  z.object({ type: z.literal("set_status"), ref, status: chosenStatus }),
  /** Whether somebody looks at this client now. While one of a user's clients is looked at, no device gets a push. */
  z.object({ type: z.literal("attention"), ref, active: z.boolean() }),
  z.object({ type: z.literal("auth_refresh"), ref, token: z.string().max(4_096) }),
]);

export type MainCommand = z.infer<typeof mainCommand>;
export type ChatMessage = z.infer<typeof chatMessage>;
