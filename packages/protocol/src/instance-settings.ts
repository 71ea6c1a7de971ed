import { cleanName } from "@miscord/text";
import { z } from "zod";
import { auditChange } from "./audit.ts";
import { customEmoji } from "./emojis.ts";
import { instanceLimits } from "./instance-limits.ts";
import { limits } from "./limits.ts";
import { id, isoTime, uncleaned, user } from "./model.ts";
import { retention } from "./retention.ts";

/** Who may register: everybody, those with an invite, those whom an administrator accepts, nobody. */
export const registrationMode = z.enum(["open", "invite", "approval", "closed"]);
export const serverCreation = z.enum(["everyone", "admins"]);
/** Whether there is a page of the instance's public servers. */
export const discoveryMode = z.enum(["off", "on"]);
/** `required`: administrators without a second factor are none. */
export const adminFactor = z.enum(["optional", "required"]);

/** Whether pages that messages link to are read for previews. */
export const linkPreviewMode = z.enum(["on", "off"]);

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
  discovery: discoveryMode,
  admin_factor: adminFactor,
  attachment_bytes: z.number().int(),
  /** Holds in all channels, private ones among them; absent on older servers. */
  retention: retention.optional(),
  /** Those that everybody may use, ascending by their ids; absent on older servers. */
  emojis: z.array(customEmoji).optional(),
  stickers: z.array(customEmoji).optional(),
  announcement: announcement.nullable(),
});

export const settingValues = z.object({
  registration: registrationMode,
  server_creation: serverCreation,
  discovery: discoveryMode,
  admin_factor: adminFactor,
  link_previews: linkPreviewMode,
  /** Bytes. */
  max_upload_bytes: z.number().int().min(instanceLimits.uploadBytesMin).max(instanceLimits.uploadBytes),
  /** Of one user; twice as many at once. */
  messages_per_second: z.number().min(0.1).max(instanceLimits.messagesPerSecond),
  ...retention.shape,
});
/** Fields that are absent stay as they are; null: what the environment variable says. */
export const instanceSettingsPatch = z
  .object({
    registration: settingValues.shape.registration.nullable(),
    server_creation: settingValues.shape.server_creation.nullable(),
    discovery: settingValues.shape.discovery.nullable(),
    admin_factor: settingValues.shape.admin_factor.nullable(),
    link_previews: settingValues.shape.link_previews.nullable(),
    max_upload_bytes: settingValues.shape.max_upload_bytes.nullable(),
    messages_per_second: settingValues.shape.messages_per_second.nullable(),
    message_days: settingValues.shape.message_days.nullable(),
    file_days: settingValues.shape.file_days.nullable(),
    file_mb: settingValues.shape.file_mb.nullable(),
  })
  .partial();
/** `set`: what is stored, null where nothing is; `defaults`: what the environment of the node says. */
export const instanceSettings = z.object({
  set: z.object({
    registration: registrationMode.nullable(),
    server_creation: serverCreation.nullable(),
    discovery: discoveryMode.nullable(),
    admin_factor: adminFactor.nullable(),
    link_previews: linkPreviewMode.nullable(),
    max_upload_bytes: z.number().nullable(),
    messages_per_second: z.number().nullable(),
    message_days: z.number().nullable(),
    file_days: z.number().nullable(),
    file_mb: z.number().nullable(),
  }),
  defaults: z.object({
    registration: registrationMode,
    server_creation: serverCreation,
    discovery: discoveryMode,
    admin_factor: adminFactor,
    link_previews: linkPreviewMode,
    max_upload_bytes: z.number(),
    messages_per_second: z.number(),
    message_days: z.number(),
    file_days: z.number(),
    file_mb: z.number(),
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
  /** Those who manage it want it on the discovery page. */
  is_public: z.boolean(),
  /** An administrator keeps it off. */
  is_unlisted: z.boolean(),
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
  "reset_link_create",
  "profile_clear",
  "administrator_add",
  "administrator_remove",
  "server_unlist",
  "server_relist",
  "emojis_update",
  "import_start",
  "import_cancel",
  "import_claim",
  "import_claim_decline",
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
export type DiscoveryMode = z.infer<typeof discoveryMode>;
export type AdminFactor = z.infer<typeof adminFactor>;
export type LinkPreviewMode = z.infer<typeof linkPreviewMode>;
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
