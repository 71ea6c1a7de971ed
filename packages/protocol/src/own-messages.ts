import { z } from "zod";
import { errorTable, type ErrorCode } from "./codes.ts";
import { limits } from "./limits.ts";
import { id, isoTime, message, pollDraft, seq, sticker } from "./model.ts";

/** What one person keeps for themselves: messages to be sent later, drafts, and messages to come back to. */

const time = z.iso.datetime({ offset: true });
const content = z.string().min(1).max(limits.messageLength);

/** With `sticker_id` the message is this sticker, whatever `content` says. */
export const scheduledBody = z
  .object({
    content: z.string().max(limits.messageLength).default(""),
    send_at: time,
    reply_to_id: id.nullish(),
    poll: pollDraft.optional(),
    sticker_id: id.optional(),
  })
  .refine(({ content, sticker_id }) => content !== "" || sticker_id !== undefined, "must have a text or a sticker");
export const scheduledPatch = z.object({ content, send_at: time }).partial();
export const scheduledMessage = z.object({
  id,
  channel_id: id,
  content: z.string(),
  reply_to_id: id.nullable(),
  has_poll: z.boolean(),
  /** The message will be this sticker. */
  sticker: sticker.optional(),
  send_at: isoTime,
  /** Why it could not be sent: it waits for its author. Null: it will be sent. */
  refused: z.enum(Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]).nullable(),
});
/** By the time at which they are sent. */
export const scheduledMessages = z.object({ messages: z.array(scheduledMessage) });

export const draftBody = z.object({ text: z.string().max(limits.messageLength) });
/** `rev` rises with every change; an empty text is a draft that was sent or cleared. */
export const draft = z.object({ channel_id: id, text: z.string(), rev: seq });
export const drafts = z.object({ drafts: z.array(draft) });

/** `remind_at`: null for no reminder. Absent: the reminder stays as it is. */
export const savedBody = z.object({ remind_at: time.nullable().optional() });
export const savedMessage = z.object({
  message,
  saved_at: isoTime,
  remind_at: isoTime.nullable(),
  /** The time of the reminder has come, and nobody has dismissed it. */
  is_due: z.boolean(),
});
/** The latest first, without those that the user may not see any more. `before`: id of the message for the next page. */
export const savedQuery = z.object({
  before: z.coerce.number().pipe(id).optional(),
  due: z.literal("true").optional(),
});
export const savedMessages = z.object({ saved: z.array(savedMessage), has_more: z.boolean() });
/** A reminder whose time has come. */
export const reminder = z.object({ message_id: id, remind_at: isoTime });

export type ScheduledBody = z.input<typeof scheduledBody>;
export type ScheduledPatch = z.input<typeof scheduledPatch>;
export type ScheduledMessage = z.infer<typeof scheduledMessage>;
export type Draft = z.infer<typeof draft>;
export type Drafts = z.infer<typeof drafts>;
export type SavedBody = z.input<typeof savedBody>;
export type SavedMessage = z.infer<typeof savedMessage>;
export type SavedMessages = z.infer<typeof savedMessages>;
export type Reminder = z.infer<typeof reminder>;
