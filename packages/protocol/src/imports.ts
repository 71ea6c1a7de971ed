import { z } from "zod";
import { importFaults, importLimits } from "./import-limits.ts";
import { limits } from "./limits.ts";
import { id, isoTime, title, user } from "./model.ts";

/** Counts; `what` is one of `importMade` or `importLosses`, or a later one. `examples`: of the export, so by anybody. */
export const importReport = z.object({
  made: z.array(z.object({ what: z.string(), count: z.number().int() })),
  lost: z.array(z.object({ what: z.string(), count: z.number().int(), examples: z.array(z.string()) })),
});

/**
 * `uploading`: files are received; `reading`: they are looked through for the preview; `ready`: the preview is there; `running`;
 * then `done`, `failed` (it may be started again until its files are removed) or `cancelled`.
 */
export const importStatus = z.enum(["uploading", "reading", "ready", "running", "done", "failed", "cancelled"]);

/** An export of Discord on its way into this instance. */
export const instanceImport = z.object({
  /** Random. */
  id: z.string(),
  status: importStatus,
  created_at: isoTime,
  created_by: user,
  finished_at: isoTime.nullable(),
  /** When what is left of it is removed; null while it works. */
  expires_at: isoTime.nullable(),
  /** Files that were announced, all their bytes, and how many of those are here. */
  files: z.object({ count: z.number().int(), bytes: z.number().int(), received: z.number().int() }),
  /** Of `reading` and `running`: lines of the export that are done, of all; null: how many there are is not known yet. */
  progress: z.object({ done: z.number().int(), total: z.number().int().nullable() }),
  /** Null before it is there. `server`: the name in Discord; `server_id`: the server that it went into before. */
  preview: z.object({ server: z.string(), server_id: id.nullable(), report: importReport }).nullable(),
  /** What was imported so far; null before it is started. */
  report: importReport.nullable(),
  /** Why it failed, or why the preview cannot be imported. */
  fault: z.enum(importFaults).nullable(),
  /** The server that it goes into, once it is there. Its owner sees it when the import has ended. */
  server_id: id.nullable(),
});
/** The newest first; one at most is neither `done` nor `cancelled`. */
export const importList = z.object({ imports: z.array(instanceImport) });

/** Where a file lay beside the others, with `/` between folders. */
const path = z
  .string()
  .min(1)
  .max(importLimits.pathLength)
  .regex(/^[^\p{Cc}\\]*$/u, "must not hold control characters or backslashes")
  .refine((text) => text.isWellFormed(), "must be well-formed")
  .refine((text) => text.split("/").every((part) => !["", ".", ".."].includes(part)), "must lead to a file below");

/**
 * Files of an export. Their bytes are sent one file after the other, in the order in which they were announced, as if they were
 * one; those that were announced before keep their place.
 */
export const importFilesBody = z.object({
  files: z
    .array(z.object({ path, size: z.number().int().nonnegative().max(importLimits.bytes) }))
    .min(1)
    .max(importLimits.filesPerCall),
});
/** In the same order: where each begins among the bytes of all. `received`: how many of those are here. */
export const importFiles = z.object({ starts: z.array(z.number().int()), received: z.number().int() });
/** `at`: which byte of all the part begins with. */
export const importPartQuery = z.object({ at: z.coerce.number().int().nonnegative() });
/** Which byte is to come next. */
export const importPart = z.object({ received: z.number().int() });
/** `name`: of the new server; absent: that in Discord. */
export const importStartBody = z.object({ name: title(limits.serverNameLength).optional() });

/** Who gets what an author of Discord wrote. `author`: the name there, or the id. */
export const importAuthorBody = z.object({
  author: z.string().trim().min(1).max(importLimits.authorLength),
  username: z.string().trim().min(1).max(limits.usernameLength),
});
/** `messages`: how many the account has got. */
export const importClaim = z.object({ username: z.string(), messages: z.number().int() });

/** Somebody says that the imported author of the message is them. */
export const authorClaimBody = z.object({ message_id: id });
export const authorClaim = z.object({
  id,
  author: user,
  status: z.enum(["pending", "accepted", "declined"]),
  created_at: isoTime,
  decided_at: isoTime.nullable(),
  /** It was declined, and may be asked for again. */
  may_repeat: z.boolean(),
});
/** The user's own, the latest first. */
export const authorClaims = z.object({ claims: z.array(authorClaim) });

/** One that waits, for those who decide. */
export const pendingAuthorClaim = z.object({
  id,
  author: user,
  /** The author's name in Discord. */
  discord_name: z.string(),
  /** Of the author, here; at most 10,000 are counted. */
  messages: z.number().int(),
  user,
  /** Where they met the author, and since when they are a member there. */
  server: z.object({ id, name: z.string() }),
  joined_at: isoTime,
  created_at: isoTime,
  /** How often they have asked for this author. */
  attempts: z.number().int(),
});
export const pendingAuthorClaimsQuery = z.object({ after: z.coerce.number().pipe(id).optional() });
/** The oldest first. */
export const pendingAuthorClaims = z.object({ claims: z.array(pendingAuthorClaim), has_more: z.boolean() });
export const authorClaimDecision = z.object({ decision: z.enum(["accept", "decline"]) });

export type AuthorClaim = z.infer<typeof authorClaim>;
export type AuthorClaims = z.infer<typeof authorClaims>;
export type PendingAuthorClaim = z.infer<typeof pendingAuthorClaim>;
export type PendingAuthorClaims = z.infer<typeof pendingAuthorClaims>;
export type AuthorClaimDecision = z.infer<typeof authorClaimDecision>;
export type ImportReport = z.infer<typeof importReport>;
export type ImportStatus = z.infer<typeof importStatus>;
export type InstanceImport = z.infer<typeof instanceImport>;
export type ImportList = z.infer<typeof importList>;
export type ImportFilesBody = z.infer<typeof importFilesBody>;
export type ImportFiles = z.infer<typeof importFiles>;
export type ImportPart = z.infer<typeof importPart>;
export type ImportStartBody = z.infer<typeof importStartBody>;
export type ImportAuthorBody = z.infer<typeof importAuthorBody>;
export type ImportClaim = z.infer<typeof importClaim>;
