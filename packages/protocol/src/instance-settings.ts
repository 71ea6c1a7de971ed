import { cleanName } from "@miscord/text";
import { z } from "zod";
import { auditChange } from "./audit.ts";
import { instanceLimits } from "./instance-limits.ts";
import { limits } from "./limits.ts";
import { id, isoTime, uncleaned, user } from "./model.ts";

/** Who may register: everybody, those with an invite, those whom an administrator accepts, nobody. */
export const registrationMode = z.enum(["open", "invite", "approval", "closed"]);
export const serverCreation = z.enum(["everyone", "admins"]);

/** What administrators tell everybody. */
export const announcement = z.object({
  id,
  text: z.string(),
  created_at: isoTime,
  /** Null: until it is taken back. */
  ends_at: isoTime.nullable(),
});

/** What administrators may change while the server runs; part of `connection_established` and `instance_updated`. */
export const instanceState = z.object({
  registration: registrationMode,
  server_creation: serverCreation,
  attachment_bytes: z.number().int(),
  announcement: announcement.nullable(),
});

export const settingValues = z.object({
  registration: registrationMode,
  server_creation: serverCreation,
  /** Bytes. */
  max_upload_bytes: z.number().int().min(instanceLimits.uploadBytesMin).max(instanceLimits.uploadBytes),
  /** Of one user; twice as many at once. */
  messages_per_second: z.number().min(0.1).max(instanceLimits.messagesPerSecond),
});
/** Fields that are absent stay as they are; null: what the environment variable says. */
export const instanceSettingsPatch = z
  .object({
    registration: settingValues.shape.registration.nullable(),
    server_creation: settingValues.shape.server_creation.nullable(),
    max_upload_bytes: settingValues.shape.max_upload_bytes.nullable(),
    messages_per_second: settingValues.shape.messages_per_second.nullable(),
  })
  .partial();
/** `set`: what is stored, null where nothing is; `defaults`: what the environment of the node says. */
export const instanceSettings = z.object({
  set: z.object({
    registration: registrationMode.nullable(),
    server_creation: serverCreation.nullable(),
    max_upload_bytes: z.number().nullable(),
    messages_per_second: z.number().nullable(),
  }),
  defaults: z.object({
    registration: registrationMode,
    server_creation: serverCreation,
    max_upload_bytes: z.number(),
    messages_per_second: z.number(),
  }),
  announcement: announcement.nullable(),
});
export const announcementBody = z.object({
  text: uncleaned(instanceLimits.announcementLength)
    .overwrite(cleanName)
    .min(1)
    .max(instanceLimits.announcementLength)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, "must not hold control characters"),
  /** Seconds until it ends; null or absent: when it is taken back. */
  expires_in: z.number().int().min(60).max(31_536_000).nullish(),
});

const page = { limit: z.coerce.number().int().min(1).max(limits.pageSizeMax).default(limits.pageSize) };
/** `after`: the id of the last server of the page before. */
export const instanceServerQuery = z.object({
  search: z.string().trim().max(limits.serverNameLength).default(""),
  sort: z.enum(["newest", "storage"]).default("newest"),
  after: z.coerce.number().pipe(id).optional(),
  ...page,
});
/** A server as administrators of the instance see it, members of it or not. */
export const instanceServer = z.object({
  id,
  name: z.string(),
  created_at: isoTime,
  owner: user,
  members: z.number().int(),
  channels: z.number().int(),
  files: z.number().int(),
  /** Bytes of the files in its messages. */
  storage_bytes: z.number().int(),
});
export const instanceServerPage = z.object({ servers: z.array(instanceServer), has_more: z.boolean() });

/** `state`: those that wait, the oldest first; or those that were refused, the newest first. */
export const applicationQuery = z.object({
  state: z.enum(["waiting", "refused"]).default("waiting"),
  after: z.coerce.number().pipe(id).optional(),
  ...page,
});
export const application = z.object({
  user,
  /** Empty where the applicant gave none. */
  email: z.string(),
  reason: z.string(),
  created_at: isoTime,
  /** Told to the applicant at the login; null where nothing was written. */
  note: z.string().nullable(),
});
export const applicationPage = z.object({
  applications: z.array(application),
  has_more: z.boolean(),
  /** How many wait. */
  waiting: z.number().int(),
});
export const applicationDecision = z.object({
  decision: z.enum(["accept", "refuse"]),
  note: z.string().trim().max(limits.reasonLength).optional(),
});

export const instanceAction = z.enum([
  "settings_update",
  "announcement_set",
  "announcement_end",
  "application_accept",
  "application_refuse",
  "account_disable",
  "account_enable",
  "account_sessions_end",
  "administrator_add",
  "administrator_remove",
]);
export const instanceLogQuery = z.object({ before: z.coerce.number().pipe(id).optional(), ...page });
export const instanceLogEntry = z.object({
  id,
  action: instanceAction,
  created_at: isoTime,
  actor: user,
  /** Whom it concerns. */
  user: user.nullable(),
  changes: z.array(auditChange),
});
export const instanceLog = z.object({ entries: z.array(instanceLogEntry), has_more: z.boolean() });

export type RegistrationMode = z.infer<typeof registrationMode>;
export type ServerCreation = z.infer<typeof serverCreation>;
export type Announcement = z.infer<typeof announcement>;
export type InstanceState = z.infer<typeof instanceState>;
export type InstanceSettings = z.infer<typeof instanceSettings>;
export type InstanceSettingsPatch = z.infer<typeof instanceSettingsPatch>;
export type AnnouncementBody = z.infer<typeof announcementBody>;
export type InstanceServerQuery = z.infer<typeof instanceServerQuery>;
export type InstanceServer = z.infer<typeof instanceServer>;
export type InstanceServerPage = z.infer<typeof instanceServerPage>;
export type ApplicationQuery = z.infer<typeof applicationQuery>;
export type Application = z.infer<typeof application>;
export type ApplicationPage = z.infer<typeof applicationPage>;
export type ApplicationDecision = z.infer<typeof applicationDecision>;
export type InstanceAction = z.infer<typeof instanceAction>;
export type InstanceLogEntry = z.infer<typeof instanceLogEntry>;
export type InstanceLog = z.infer<typeof instanceLog>;
