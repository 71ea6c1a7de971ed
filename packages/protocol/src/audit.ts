import { z } from "zod";
import { auditActions } from "./audit-actions.ts";
import { limits } from "./limits.ts";
import { displayName, id, isoTime, user } from "./model.ts";

export const auditAction = z.enum(auditActions);

/** Why somebody acts, in their own words, for the audit log. */
export const reason = z
  .string()
  .trim()
  .max(limits.reasonLength)
  .regex(/^[^\p{Cs}\0]*$/u, "must not hold control characters");
/** The body of actions that take nothing but a reason. */
export const reasonBody = z.object({ reason: reason.optional() });

const futureTime = z.iso.datetime({ offset: true }).transform((text) => new Date(text).getTime());

export const banBody = z.object({
  reason: reason.optional(),
  /** Null or absent: the ban lasts until it is lifted. */
  expires_at: futureTime.nullish(),
  /** Deletes what the member wrote in the server in these last seconds. */
  delete_message_seconds: z.number().int().min(0).max(limits.banDeletesSeconds).default(0),
});
/** Null: no nickname. */
export const nicknameBody = z.object({ nickname: displayName.nullable(), reason: reason.optional() });
/** `until`: at most `limits.timeoutSeconds` ahead; null ends the time out. */
export const timeoutBody = z.object({ until: futureTime.nullable(), reason: reason.optional() });

/**
 * `until`: at most `limits.raidSeconds` ahead; null ends the raid mode. `minutes`: members who joined this long before, or
 * later, may only read.
 */
export const raidModeBody = z.object({
  until: futureTime.nullable(),
  minutes: z.number().int().min(0).max(limits.raidMinutes).default(10),
});
/** `delete_message_seconds`: as of a ban. */
export const bulkBanBody = z.object({
  user_ids: z.array(id).min(1).max(limits.bulkBan),
  reason: reason.optional(),
  delete_message_seconds: z.number().int().min(0).max(limits.banDeletesSeconds).default(0),
});
/** Those who could not be banned are `failed_users`: they stand as high, or there is nobody of this id. */
export const bulkBanAnswer = z.object({ banned_users: z.array(id), failed_users: z.array(id) });
/** What moderators do to a participant of a call. What is absent stays as it is. */
export const voiceModerationBody = z.object({
  muted: z.boolean().optional(),
  deafened: z.boolean().optional(),
  /** Moves the participant to this voice channel of the server. */
  channel_id: id.optional(),
  reason: reason.optional(),
});

const auditValue = z.union([z.string(), z.number(), z.boolean(), z.array(id), z.null()]);

/** `before` is null for what was created, `after` for what was deleted. */
export const auditChange = z.object({ field: z.string(), before: auditValue, after: auditValue });

export const auditEntry = z.object({
  id,
  action: auditAction,
  created_at: isoTime,
  actor: user,
  /** Whom it concerns. */
  user: user.nullable(),
  channel_id: id.nullable(),
  role_id: id.nullable(),
  /** What it was done to, by the name of then: a channel, a role, the code of an invite. */
  subject: z.string().nullable(),
  reason: z.string().nullable(),
  changes: z.array(auditChange),
});

/** `user_id`: who acted; `target_id`: whom it concerns. `before`: the id of an entry. */
export const auditQuery = z.object({
  before: z.coerce.number().pipe(id).optional(),
  action: auditAction.optional(),
  user_id: z.coerce.number().pipe(id).optional(),
  target_id: z.coerce.number().pipe(id).optional(),
  limit: z.coerce.number().int().min(1).max(limits.pageSizeMax).default(limits.pageSize),
});

export const auditLog = z.object({ entries: z.array(auditEntry), has_more: z.boolean() });

export type ReasonBody = z.input<typeof reasonBody>;
export type BanBody = z.input<typeof banBody>;
export type NicknameBody = z.input<typeof nicknameBody>;
export type TimeoutBody = z.input<typeof timeoutBody>;
export type RaidModeBody = z.input<typeof raidModeBody>;
export type BulkBanBody = z.input<typeof bulkBanBody>;
export type BulkBanAnswer = z.infer<typeof bulkBanAnswer>;
export type VoiceModerationBody = z.input<typeof voiceModerationBody>;
export type AuditAction = z.infer<typeof auditAction>;
export type AuditChange = z.infer<typeof auditChange>;
export type AuditEntry = z.infer<typeof auditEntry>;
export type AuditQuery = z.input<typeof auditQuery>;
export type AuditLog = z.infer<typeof auditLog>;
