import { z } from "zod";
import { retentionLimits } from "./retention-limits.ts";

const days = z.number().int().min(0).max(retentionLimits.days);

/** How long things are kept, in a channel, a server or the whole instance. Where several rules hold, each one removes what it names. */
export const retention = z.object({
  /** Older messages are deleted; 0: none are. */
  message_days: days,
  /** Older files that are larger than `file_mb` are removed from their messages; 0: none are. */
  file_days: days,
  /** Megabytes of 1,048,576 bytes; 0: files of any size. */
  file_mb: z.number().int().min(0).max(retentionLimits.megabytes),
});

const count = z.coerce.number().int().min(0);
export const retentionPreviewQuery = z.object({
  message_days: count.max(retentionLimits.days).default(0),
  file_days: count.max(retentionLimits.days).default(0),
  file_mb: count.max(retentionLimits.megabytes).default(0),
});
/** What a rule would remove at once. No number is above `retentionLimits.counted`: there may be more then. */
export const retentionPreview = z.object({
  messages: z.number().int(),
  /** Those of the messages among them. */
  files: z.number().int(),
  /** Of the files that were counted. */
  bytes: z.number().int(),
});

export type Retention = z.infer<typeof retention>;
export type RetentionPreviewQuery = z.input<typeof retentionPreviewQuery>;
export type RetentionPreview = z.infer<typeof retentionPreview>;
