import { z } from "zod";
import { oneOf, wholeNumber } from "./values.ts";

type Entries = Record<string, [schema: z.ZodType, description: string]>;

/** How long what moderators did is kept. */
export const moderationSettings = {
  AUDIT_LOG_DAYS: [wholeNumber(1, 36_500).prefault("365"), "Days that entries of the servers' audit logs are kept."],
} satisfies Entries;

/** How long what people wrote is kept. */
export const retentionSettings = {
  RETENTION_MESSAGE_DAYS: [
    wholeNumber(0, 36_500).prefault("0"),
    "Days that messages are kept, in all channels and private conversations; 0: for ever. Older ones are deleted for good. Administrators may set another value while Miscord runs, servers and channels a shorter time of their own.",
  ],
  RETENTION_FILE_DAYS: [
    wholeNumber(0, 36_500).prefault("0"),
    "Days that files larger than RETENTION_FILE_MB are kept; 0: as long as their messages, which stay. Administrators may set another value while Miscord runs.",
  ],
  RETENTION_FILE_MB: [
    wholeNumber(0, 1_024).prefault("0"),
    "Megabytes (of 1,048,576 bytes) above which RETENTION_FILE_DAYS concerns a file; 0: all files. Administrators may set another value while Miscord runs.",
  ],
} satisfies Entries;

/** What this server reads in the internet. */
export const previewSettings = {
  LINK_PREVIEWS: [
    oneOf(["on", "off"]).prefault("on"),
    "Whether pages that messages link to are read by this server, for a preview below the message. Administrators may set another value while Miscord runs.",
  ],
} satisfies Entries;
