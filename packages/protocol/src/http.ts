import { cleanName } from "@miscord/text";
import { z } from "zod";
import { email, newPassword, oneTimeCode } from "./account.ts";
import { errorTable, type ErrorCode } from "./codes.ts";
import { forumPatch, postPatch } from "./forums.ts";
import { instanceLimits } from "./instance-limits.ts";
import { adminFactor, discoveryMode, instanceState, registrationMode, serverCreation } from "./instance-settings.ts";
import { limits } from "./limits.ts";
import { attachmentRefs } from "./main-commands.ts";
import * as model from "./model.ts";
import * as serverState from "./server-state.ts";
import { reminder } from "./own-messages.ts";
import { dmState, relationship } from "./private.ts";
import { profileFields } from "./profile.ts";
import { quietHours } from "./quiet-hours-schema.ts";
import { regionName } from "./regions.ts";
import { retention } from "./retention.ts";

export const registerBody = z.object({
  username: model.username,
  email: email.optional(),
  password: newPassword,
  display_name: model.displayName.optional(),
  /** Of the page, for mails. */
  locale: model.locale.optional(),
  /** Required where registration is by invitation. */
  invite_code: oneTimeCode.optional(),
  /** From the link printed at the first start: registers an administrator, whatever the registration policy. */
  claim_token: oneTimeCode.optional(),
  /** Required where administrators decide on registrations: why the applicant wants an account. */
  reason: z.string().trim().min(1).max(instanceLimits.applicationLength).optional(),
});
/** In place of credentials: the account waits for an administrator. */
export const registrationAnswer = z.object({ status: z.literal("waiting") });
export const profileBody = z
  .object({
    display_name: model.displayName,
    avatar_color: model.avatarColor,
    locale: model.locale,
    theme: model.theme,
    messages_from: model.messagesFrom,
    quiet_hours: quietHours.nullable(),
    /** Whether the user wants to see previews of pages that messages link to. */
    link_previews: z.boolean(),
    ...profileFields,
  })
  .partial();
export const statusBody = z.object({ status: model.chosenStatus });
export const passwordBody = z.object({
  current_password: z.string().max(limits.passwordLength),
  new_password: newPassword,
});
export const claimBody = z.object({ claim_token: oneTimeCode });

const serverName = model.title(limits.serverNameLength);
const channelName = model.title(limits.channelNameLength);
export const serverBody = z.object({ name: serverName });
/** `locale`: the language of the names of the first channels and roles, which are those of the template. */
export const newServerBody = serverBody.extend({
  locale: model.locale.default("en"),
  template: model.serverTemplate.default("blank"),
});
/** `overrides`: of the new channel, from the start; without them it takes those of its category. */
export const channelBody = z.object({
  name: channelName,
  type: model.channelType.default("text"),
  category_id: model.id.nullable().default(null),
  overrides: z.array(model.override).max(limits.overridesPerChannel).optional(),
});
/** `position`: the channel's place in the order of all channels of the server; the others make room. */
export const channelPatch = z
  .object({
    name: channelName,
    topic: model
      .uncleaned(limits.topicLength)
      .overwrite(cleanName)
      .max(limits.topicLength)
      .regex(/^[^\p{Cc}\p{Cs}]*$/u, "must not hold control characters"),
    slow_mode_s: z.number().int().min(0).max(limits.slowModeSeconds),
    /** Of a voice channel or a stage only. */
    is_encrypted: z.boolean(),
    /** The same. */
    region: regionName.nullable(),
    category_id: model.id.nullable(),
    position: z.number().int().nonnegative().max(limits.channelsPerServer),
    /** Of a forum only. */
    forum: forumPatch,
  })
  .partial();
/** `message_id`: of the parent, at most one thread a message. */
export const threadBody = z.object({
  name: channelName,
  message_id: model.id.nullish(),
  archive_after_s: serverState.archiveAfter.default(259_200),
});
export const threadPatch = z
  .object({ name: channelName, archive_after_s: serverState.archiveAfter, archived: z.boolean(), locked: z.boolean() })
  .partial()
  // Of a post only.
  .extend(postPatch.shape);
/** `cursor`: that of the page before. */
export const threadsQuery = z.object({
  archived: z.stringbool().default(false),
  cursor: z
    .string()
    .regex(/^\d{1,16}-\d{1,16}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(limits.pageSizeMax).default(limits.threadsPageSize),
});
export const channelOrderBody = z.object({ channel_ids: z.array(model.id).max(limits.channelsPerServer) });
export const roleBody = z.object({
  name: model.title(limits.roleNameLength),
  color: model.avatarColor.nullable().default(null),
  permissions: model.permissions.default(0),
  hoist: z.boolean().default(false),
  mentionable: z.boolean().default(false),
});
/** `position`: the role's new place; 1 is the lowest after the base role, which cannot be moved. */
export const rolePatch = z
  .object({
    name: model.title(limits.roleNameLength),
    color: model.avatarColor.nullable(),
    permissions: model.permissions,
    hoist: z.boolean(),
    mentionable: z.boolean(),
    position: z.number().int().min(1).max(limits.rolesPerServer),
  })
  .partial();
export const overrideBody = model.override.omit({ target_id: true });
/** A role and a user may have the same id. */
export const overrideQuery = model.override.pick({ type: true }).partial();
export const inviteBody = z.object({
  /**
   * Seconds until the invite expires; null or absent: never. Of a member who does not manage the server it expires after
   * `limits.memberInviteSeconds` at the latest.
   */
  expires_in: z.number().int().min(60).max(31_536_000).nullish(),
  max_uses: z.number().int().min(1).max(1_000).nullish(),
  /** Sends the invite to this user as a notification. */
  username: z.string().max(limits.usernameLength).optional(),
});

const groupName = model.title(limits.channelNameLength);
/** One id: the channel of these two people. More: a new group. The caller may be among them. */
export const dmBody = z.object({
  user_ids: z.array(model.id).min(1).max(limits.groupPeople),
  name: groupName.nullish(),
});
export const friendBody = z.object({ username: z.string().min(1).max(limits.usernameLength) });
/** The name of a group, or whether calls of the conversation are encrypted from end to end. */
export const dmPatch = z.union([
  z.strictObject({ name: groupName.nullable() }),
  z.strictObject({ calls_encrypted: z.boolean() }),
]);

export const sendBody = z.object({
  content: z.string().max(limits.messageLength),
  nonce: model.nonce.optional(),
  reply_to_id: model.id.nullish(),
  attachments: attachmentRefs.optional(),
  poll: model.pollDraft.optional(),
  sticker_id: model.id.optional(),
});
/** Earlier texts of an edited message, the first one first. */
export const earlierTexts = z.object({ texts: z.array(z.object({ content: z.string(), written_at: model.isoTime })) });
/** `content`: what the caller says about it. */
export const forwardBody = z.object({
  channel_id: model.id,
  content: z.string().max(limits.messageLength).default(""),
  nonce: model.nonce.optional(),
});
/** Where a forwarded message came from, for those who see that. */
export const forwardSource = z.object({ message_id: model.id, channel_id: model.id, server_id: model.id.nullable() });
export const messageAtQuery = z.object({ time: z.iso.datetime({ offset: true }) });
/** The first message sent then or later, or else the last one; null in an empty channel. */
export const messageAt = z.object({ message_id: model.id.nullable() });
export const bulkDeleteBody = z.object({ message_ids: z.array(model.id).min(1).max(limits.bulkDelete) });
export const editBody = z.object({ content: z.string().max(limits.messageLength) });
export const readBody = z.object({ seq: model.seq });
export const notificationsReadBody = z.object({ ids: z.array(model.id).max(200).nullable() });
/** A field that is absent stays as it is; null: inherited, and not muted. */
export const notificationLevelBody = z
  .object({
    level: model.notificationLevel.nullable(),
    muted_until: z.iso.datetime({ offset: true }).nullable(),
    suppress_everyone: z.boolean().nullable(),
    suppress_roles: z.boolean().nullable(),
  })
  .partial();
export const historyQuery = z.object({
  before: z.coerce.number().pipe(model.id).optional(),
  after: z.coerce.number().pipe(model.id).optional(),
  /** Id of a message; the page is centred on it. */
  around: z.coerce.number().pipe(model.id).optional(),
  /** A position, such as `read_seq`; the page is centred on the gap after it. No message needs to have that position. */
  around_seq: z.coerce.number().pipe(model.seq).optional(),
  limit: z.coerce.number().int().min(1).max(limits.pageSizeMax).default(limits.pageSize),
});

export const credentials = z.object({
  user: model.me,
  access_token: z.string(),
  token_type: z.literal("bearer"),
  /** Seconds until the access token expires. */
  expires_in: z.number(),
});
export const history = z.object({
  messages: z.array(model.message),
  /** Whether older messages exist before the first of the page. */
  has_more: z.boolean(),
  /** Whether newer messages exist after the last of the page. */
  has_newer: z.boolean(),
  seq: model.seq,
});
/** `cursor`: for the next page; null at the end. */
export const threads = z.object({ threads: z.array(serverState.listedThread), cursor: z.string().nullable() });
/** The latest pin first. `seq`: the channel's position that the list reflects. */
export const pins = z.object({ messages: z.array(model.message), seq: model.seq });
export const invitePreview = z.object({
  code: z.string(),
  server: z.object({
    id: model.id,
    name: z.string(),
    icon_url: z.string().nullable(),
    member_count: z.number().int(),
  }),
  inviter: model.user,
  is_member: z.boolean(),
});
export const ban = z.object({
  user: model.user,
  banned_at: model.isoTime,
  banned_by: model.user,
  reason: z.string().nullable(),
  /** Null: never. */
  expires_at: model.isoTime.nullable(),
});
export const privateState = z.object({ dms: z.array(dmState), relationships: z.array(relationship) });
export const inbox = z.object({
  notifications: z.array(model.notification),
  unread: z.number().int(),
  has_more: z.boolean(),
  /** What the account sets for all servers; absent when nothing is set. */
  setting: model.notificationSetting.optional(),
  /** Of saved messages, the latest first. */
  reminders: z.array(reminder).optional(),
});
export const instance = z.object({
  name: z.string(),
  version: z.string(),
  registration: registrationMode,
  /** Who may create servers. */
  server_creation: serverCreation,
  discovery: discoveryMode,
  admin_factor: adminFactor,
  features: z.array(z.string()),
  /** Origin of the WebSockets for a web client that is served from elsewhere; null: same origin. */
  ws_url: z.string().nullable(),
  /** Whether participants of a call can see each other's addresses; false where a TURN server relays all calls. */
  calls_show_addresses: z.boolean(),
  /** How people log in; absent: with a password, and there is no login provider. */
  login: z
    .object({ password: z.boolean(), providers: z.array(z.object({ id: z.string(), name: z.string() })) })
    .optional(),
  /** The service whose GIFs can be searched, as it wants to be named; absent: there is none. */
  gif_provider: z.string().optional(),
  /** Calls of private channels are encrypted from end to end, but in those where somebody has turned that off; absent where none are. */
  private_call_encryption: z.literal(true).optional(),
  /** How long messages and large files are kept in all channels; absent on older servers. */
  retention: retention.optional(),
  ...instanceState.pick({ emojis: true, stickers: true }).shape,
  limits: z.object({ attachment_bytes: z.number(), attachments_per_message: z.number(), message_length: z.number() }),
});
export const httpError = z.object({
  error: z.object({
    code: z.enum(Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]),
    message: z.string(),
    details: z.unknown().optional(),
  }),
});

export type RegisterBody = z.input<typeof registerBody>;
export type RegistrationAnswer = z.infer<typeof registrationAnswer>;
export type ProfileBody = z.infer<typeof profileBody>;
export type PasswordBody = z.infer<typeof passwordBody>;
export type NewServerBody = z.input<typeof newServerBody>;
export type ChannelBody = z.input<typeof channelBody>;
export type ChannelPatch = z.input<typeof channelPatch>;
export type RoleBody = z.input<typeof roleBody>;
export type RolePatch = z.infer<typeof rolePatch>;
export type OverrideBody = z.infer<typeof overrideBody>;
export type InviteBody = z.infer<typeof inviteBody>;
export type DmBody = z.infer<typeof dmBody>;
export type NotificationLevelBody = z.infer<typeof notificationLevelBody>;
export type SendBody = z.infer<typeof sendBody>;
export type EarlierTexts = z.infer<typeof earlierTexts>;
export type ForwardBody = z.input<typeof forwardBody>;
export type ForwardSource = z.infer<typeof forwardSource>;
export type MessageAt = z.infer<typeof messageAt>;
export type BulkDeleteBody = z.input<typeof bulkDeleteBody>;
export type Credentials = z.infer<typeof credentials>;
export type History = z.infer<typeof history>;
export type HistoryQuery = z.input<typeof historyQuery>;
export type ThreadBody = z.input<typeof threadBody>;
export type ThreadPatch = z.infer<typeof threadPatch>;
export type ThreadsQuery = z.input<typeof threadsQuery>;
export type Threads = z.infer<typeof threads>;
export type Pins = z.infer<typeof pins>;
export type InvitePreview = z.infer<typeof invitePreview>;
export type Ban = z.infer<typeof ban>;
export type PrivateState = z.infer<typeof privateState>;
export type Inbox = z.infer<typeof inbox>;
export type Instance = z.infer<typeof instance>;
export type HttpError = z.infer<typeof httpError>;
