import { z } from "zod";
import { limits } from "./limits.ts";
import { id, isoTime, user } from "./model.ts";

/** More than one line; for people to read. */
const words = (maxLength: number) =>
  z
    .string()
    .trim()
    .max(maxLength)
    .regex(/^[^\p{Cs}\0]*$/u, "must not hold control characters");

/**
 * Exactly one of `message_id` and `user_id`. `server_id`: the server in which a person is reported; without it the
 * report goes to the administrators of the instance. For a message it follows from the message.
 */
export const reportBody = z
  .object({
    message_id: id.optional(),
    user_id: id.optional(),
    server_id: id.optional(),
    reason: words(limits.reportLength).min(1),
    /** The reporter wants to be notified of the outcome. */
    notify: z.boolean().default(false),
  })
  .refine((body) => (body.message_id === undefined) !== (body.user_id === undefined), {
    error: "must name either a message or a user",
  });

export const reportStatus = z.enum(["open", "closed"]);
export const reportOutcome = z.enum(["acted", "dismissed"]);

/** `before`: the id of a report. */
export const reportQuery = z.object({
  status: reportStatus.default("open"),
  before: z.coerce.number().pipe(id).optional(),
  limit: z.coerce.number().int().min(1).max(limits.pageSizeMax).default(limits.pageSize),
});
/** `note`: for those who work on reports; neither the reporter nor the reported sees it. */
export const reportOutcomeBody = z.object({ outcome: reportOutcome, note: words(limits.reportLength).optional() });

/** The message as it was when it was reported, whatever became of it. */
export const reportedMessage = z.object({
  id,
  channel_id: id,
  /** Of then; empty for a private channel without a name of its own. */
  channel_name: z.string(),
  content: z.string(),
  created_at: isoTime,
  attachments: z.array(z.object({ filename: z.string(), content_type: z.string(), size: z.number().int() })),
});

export const report = z.object({
  id,
  /** Null for what happened in no server. */
  server_id: id.nullable(),
  created_at: isoTime,
  reporter: user,
  /** Who is reported: the person, or the author of the message. */
  user,
  reason: z.string(),
  message: reportedMessage.nullable(),
  /** Who works on it; null when nobody does. */
  claimed_by: user.nullable(),
  closed_by: user.nullable(),
  closed_at: isoTime.nullable(),
  /** Null while it is open. */
  outcome: reportOutcome.nullable(),
  note: z.string().nullable(),
});

/** The answer to a report. */
export const filedReport = z.object({
  id,
  created_at: isoTime,
  /** Whether the reporter will be notified of the outcome: never of what happened in no server. */
  notify: z.boolean(),
});

export const reportPage = z.object({ reports: z.array(report), has_more: z.boolean() });

export type ReportBody = z.input<typeof reportBody>;
export type ReportStatus = z.infer<typeof reportStatus>;
export type ReportOutcome = z.infer<typeof reportOutcome>;
export type ReportOutcomeBody = z.input<typeof reportOutcomeBody>;
export type ReportedMessage = z.infer<typeof reportedMessage>;
export type Report = z.infer<typeof report>;
export type FiledReport = z.infer<typeof filedReport>;
export type ReportPage = z.infer<typeof reportPage>;
