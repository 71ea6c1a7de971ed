import type { Generated, Selectable } from "kysely";
import type { AccountTables } from "./account-tables.ts";
import type { AuthorClaimsTable } from "./claim-tables.ts";
import type { DiscordAuthorsTable, DiscordItemsTable } from "./discord-tables.ts";
import type { ImportTables } from "./import-tables.ts";
import type { EmojiTables } from "./emoji-tables.ts";
import type { ApplicationsTable, InstanceLogTable } from "./instance-tables.ts";
import type { MailsTable } from "./mail-tables.ts";
import type { EarlierTextsTable, ForwardsTable, LinkPreviewsTable, ReactionsTable } from "./message-tables.ts";
import type { DraftsTable, SavedMessagesTable, ScheduledMessagesTable } from "./own-message-tables.ts";
import type { PicturesTable } from "./picture-tables.ts";
import type { FavouriteGifsTable } from "./gif-tables.ts";
import type { SoundsTable } from "./sound-tables.ts";
import type { BallotsTable, PollsTable } from "./poll-tables.ts";
import type { PushesTable, PushSubscriptionsTable } from "./push-tables.ts";
import type { PurgesTable, ReportsTable } from "./report-tables.ts";
import type { BotsTable, WebhookPicturesTable, WebhooksTable } from "./webhook-tables.ts";
import type { AttachmentsTable, RemovedFilesTable } from "./attachment-tables.ts";

/**
 * Column types of all tables. Portable: times are milliseconds since 1970, booleans are 0 or 1, and every column holds
 * an integer or text.
 */
export interface Tables extends AccountTables, EmojiTables, ImportTables {
  meta: { key: string; value: string };
  migrations: { name: string; applied_at: number };
  servers: ServersTable;
  channels: ChannelsTable;
  members: MembersTable;
  /** Kept for members who leave: coming back does not end a time out. */
  timeouts: { server_id: number; user_id: number; until: number };
  /** Whom moderators have muted or deafened in calls; kept for members who leave. Without a row: neither. */
  voice_restraints: { server_id: number; user_id: number; is_muted: number; is_deafened: number };
  roles: RolesTable;
  member_roles: { server_id: number; user_id: number; role_id: number };
  channel_overrides: ChannelOverridesTable;
  recipients: RecipientsTable;
  thread_followers: { channel_id: number; user_id: number };
  /** `tag_id`: of `forum` in the parent of the post. */
  post_tags: { channel_id: number; tag_id: number };
  calls: CallsTable;
  rings: RingsTable;
  /** Who hides whom. */
  blocks: { user_id: number; blocked_id: number; created_at: number };
  /** One row is a request to be friends; two, one in each direction, are a friendship. */
  friends: { user_id: number; friend_id: number; created_at: number };
  bans: {
    server_id: number;
    user_id: number;
    banned_by: number;
    created_at: number;
    reason: string | null;
    /** Null: never. */
    expires_at: number | null;
  };
  invites: InvitesTable;
  messages: MessagesTable;
  /** When members wrote last in channels with slow mode. */
  last_sends: { channel_id: number; user_id: number; sent_at: number };
  /** `through_group`: by a role or `@here`, not by name. */
  mentions: { message_id: number; user_id: number; channel_id: number; seq: number; through_group: Generated<number> };
  reactions: ReactionsTable;
  polls: PollsTable;
  ballots: BallotsTable;
  earlier_texts: EarlierTextsTable;
  forwards: ForwardsTable;
  link_previews: LinkPreviewsTable;
  /** Pictures of the previews that messages show. */
  preview_pictures: { message_id: number; picture: string };
  scheduled_messages: ScheduledMessagesTable;
  drafts: DraftsTable;
  saved_messages: SavedMessagesTable;
  /** `generation`: how often the user has marked the channel unread; a position of an earlier one is outdated. */
  read_states: { user_id: number; channel_id: number; seq: number; generation: Generated<number> };
  attachments: AttachmentsTable;
  removed_files: RemovedFilesTable;
  pictures: PicturesTable;
  favourite_gifs: FavouriteGifsTable;
  sounds: SoundsTable;
  signing_keys: SigningKeysTable;
  voice_nodes: VoiceNodesTable;
  notifications: NotificationsTable;
  notification_levels: NotificationLevelsTable;
  audit_log: AuditLogTable;
  instance_settings: { name: string; value: string };
  instance_log: InstanceLogTable;
  applications: ApplicationsTable;
  reports: ReportsTable;
  purges: PurgesTable;
  push_subscriptions: PushSubscriptionsTable;
  pushes: PushesTable;
  mails: MailsTable;
  /** `fields`: JSON of `Onboarding`, without `enabled`. */
  onboardings: { server_id: number; fields: string };
  webhooks: WebhooksTable;
  webhook_pictures: WebhookPicturesTable;
  bots: BotsTable;
  discord_items: DiscordItemsTable;
  author_claims: AuthorClaimsTable;
  discord_authors: DiscordAuthorsTable;
  automod_rules: AutomodRulesTable;
  /** What members of servers with a rule against repeats wrote last: `store/log/automod.ts`. */
  automod_sends: { server_id: number; user_id: number; sends: string };
}

/** Forwarding nodes elsewhere, by the names of their regions. `digest`: of the token by which one joins. */
interface VoiceNodesTable {
  name: string;
  digest: string;
  created_at: number;
  /** Of its latest link: what it runs, and the address at which it answers STUN requests. Null before, or where it has none. */
  version: Generated<string | null>;
  stun_url: Generated<string | null>;
  /** When it was last connected, to within half a minute; null: never. */
  seen_at: Generated<number | null>;
  /** When it, or another with its token, was last refused, and why: a `RegionRefusal`. */
  refused_at: Generated<number | null>;
  refusal: Generated<string | null>;
  /** When a call last left the region, since its participants had no connection there. */
  given_up_at: Generated<number | null>;
}

interface MembersTable {
  server_id: number;
  user_id: number;
  joined_at: number;
  /** As in `timeouts`, for the log's rules; an end in the past is none. */
  timed_out_until: number | null;
  /** The name that the member has in this server instead of the display name. */
  nickname: Generated<string | null>;
  /** The nickname folded, for order and search. */
  nickname_key: Generated<string | null>;
  rules_accepted_at: Generated<number | null>;
  /** When the member answered the onboarding, or skipped it. */
  onboarded_at: Generated<number | null>;
  /** JSON: ids of the answers that the member chose. */
  onboarding_answers: Generated<string | null>;
}

interface ServersTable {
  id: Generated<number>;
  name: string;
  owner_id: number;
  created_at: number;
  /** The role that every member has; 0 only until it is inserted, in the transaction of the server. */
  everyone_role_id: Generated<number>;
  /** Raid mode: until then nobody joins, and who joined since may only read. Null, or an end in the past: none. */
  raid_since: number | null;
  raid_until: number | null;
  /** What is asked of members before they write; 0: nothing. */
  verify_account_minutes: Generated<number>;
  verify_member_minutes: Generated<number>;
  /** To be accepted before writing; null: none. */
  rules: Generated<string | null>;
  /** Who joins then or later meets the onboarding; null: it is off. */
  onboarding_since: Generated<number | null>;
  /** Of `pictures`; null: none. */
  picture: Generated<string | null>;
  /** What the discovery page says. */
  description: Generated<string>;
  /** Null: not on the discovery page. */
  public_since: Generated<number | null>;
  /** 1: kept off the discovery page by an administrator of the instance. */
  unlisted: Generated<number>;
  /** 1: `moderatingPermissions` count only for members with a second factor. */
  factor_required: Generated<number>;
  /** 0: pages that messages link to are not read. */
  link_previews: Generated<number>;
  /** Stands for the enabled AutoMod rules: a random number, another one after each change of them; 0: there are none. */
  automod_version: Generated<number>;
  /** How long the server keeps things: `Retention` of the protocol. */
  keep_message_days: Generated<number>;
  keep_file_days: Generated<number>;
  keep_file_mb: Generated<number>;
}

interface AutomodRulesTable {
  id: Generated<number>;
  server_id: number;
  enabled: number;
  /** JSON: `AutomodRuleFields`. */
  fields: string;
  created_at: number;
}

export interface RolesTable {
  id: Generated<number>;
  server_id: number;
  name: string;
  /** `#rrggbb`; null: the colour of other text. */
  color: string | null;
  /** Bits of `permissionBits` in packages/rights. */
  permissions: number;
  hoist: Generated<number>;
  mentionable: Generated<number>;
  /** 1: members may have it because they chose an answer of the onboarding. */
  offered: Generated<number>;
  /** 0 for the base role; the others follow without gaps, the highest last. */
  position: number;
  created_at: number;
}

/** Kept for members who leave: whoever was denied something is denied it when they come back. */
interface ChannelOverridesTable {
  channel_id: number;
  /** `role` or `member`. */
  type: string;
  target_id: number;
  allow: number;
  deny: number;
}

export interface ChannelsTable {
  id: Generated<number>;
  /** Null for private channels, whose people are their recipients. */
  server_id: number | null;
  /** Empty for a private channel without a name of its own. */
  name: string;
  /** Of a server: a `ChannelType`; of a thread `thread`, in a forum `post`. Private: `dm` or `group`. */
  type: string;
  position: number;
  /**
   * Null, or the id of a category of the server, which may be gone. No foreign key: an import inserts channels in the
   * order of their ids.
   */
  category_id: number | null;
  /** Position of the channel's latest durable change. */
  seq: Generated<number>;
  /** Position of the latest new message. */
  last_message_seq: Generated<number>;
  created_at: number;
  /** 1 when some member might not see it: `isRestricted` in packages/rights. Kept up to date by every change of rights. */
  restricted: Generated<number>;
  topic: Generated<string>;
  /** Seconds between two messages of a member; 0: no slow mode. */
  slow_mode_s: Generated<number>;
  /** 1: calls are encrypted from end to end. Of a voice channel or a stage. */
  encrypted: Generated<number>;
  /** 1: somebody has turned the encryption of its calls off. Of a private channel. */
  unencrypted: Generated<number>;
  /** Name of the region in which calls are forwarded, if it can be; null: where their participants are nearest. */
  region: Generated<string | null>;
  /** Of a group, in `pictures`; null: none. */
  picture: Generated<string | null>;
  /** Of a group, and who created a thread. */
  owner_id: Generated<number | null>;
  /** Of a channel of type `dm`: the lower and the higher user id. Unique. */
  pair_key: Generated<string | null>;
  /** Of a thread: the channel whose rights it has. Threads are `restricted`: their events go to those who follow them. */
  parent_id: Generated<number | null>;
  /** The message of the parent that a thread was started from. Unique. */
  starter_id: Generated<number | null>;
  /** Of a thread, as the next one: when it was created, written in or taken out of the archive last. */
  active_at: Generated<number | null>;
  /** Without activity for so long it is archived. */
  archive_after_s: Generated<number | null>;
  /** Archived by hand. */
  archived: Generated<number>;
  /** Only those who manage threads write in it. */
  locked: Generated<number>;
  /** How long the channel, and its threads, keeps things: `Retention` of the protocol. */
  keep_message_days: Generated<number>;
  keep_file_days: Generated<number>;
  keep_file_mb: Generated<number>;
  /** Messages up to this position are deleted: where the removal of old messages goes on. */
  expired_seq: Generated<number>;
  /** Of a forum, JSON: `StoredForum`. */
  forum: Generated<string | null>;
  /** Of a post: when it was put at the top of its forum. */
  pinned_at: Generated<number | null>;
  /** Of a post: rises with each change of it by a command, so that of two announcements the later one is known. */
  revision: Generated<number>;
}

/** The people of private channels. */
interface RecipientsTable {
  channel_id: number;
  user_id: number;
  joined_at: number;
  /** 1 when the user opened the conversation themselves, and so lets the other one answer. */
  has_opened: Generated<number>;
  /** A stranger's conversation that the user has not accepted: `requests` of private-channels.ts. */
  request: Generated<number>;
}

export interface InvitesTable {
  code: string;
  server_id: number;
  created_by: number;
  created_at: number;
  expires_at: number | null;
  max_uses: number | null;
  uses: Generated<number>;
}

interface MessagesTable {
  id: Generated<number>;
  channel_id: number;
  author_id: number;
  content: string;
  /** Unique per author. */
  nonce: string | null;
  /**
   * Digest of the `send` command with the nonce; null without a nonce, and once the message was edited or deleted: a
   * short text that is gone could be guessed from its digest.
   */
  fingerprint: string | null;
  /** Position at which it was sent. */
  seq: number;
  /** Position of its latest change. */
  updated_seq: number;
  reply_to_id: number | null;
  /** 1: all who see the channel; 2: those of them who were online. */
  mentions_everyone: number;
  /** Ids of roles, as `roleIdsOf` reads them; null without any. */
  mention_roles: string | null;
  created_at: number;
  edited_at: number | null;
  deleted_at: number | null;
  /** Null: not pinned. */
  pinned_at: number | null;
  /** Number of its files that were removed because of their age. */
  files_removed: number;
  /** Of a line that a call or a pin leaves: how long the call lasted, or what the line says, as `missedCall`. Null: a message. */
  call_ms: number | null;
  /** Length of its voice message; null without one. */
  voice_ms: number | null;
  /** JSON: `WebhookParts`. Null: a person or bot wrote the message. */
  webhook: string | null;
  /** JSON: previews of pages that it links to, as embeds; `removedPreviews`. Null: none. */
  previews: string | null;
  /** JSON: the sticker that it is, as it was called then; its content is the name between colons. Null: none. */
  sticker: string | null;
}

/** The call that goes on in a private channel and has rung somebody. */
interface CallsTable {
  channel_id: number;
  /** Of this call, and no other one. */
  token: string;
  caller_id: number;
  started_at: number;
  /** When somebody else entered it; null: nobody has. */
  answered_at: number | null;
}

/** Whom a call rings at this moment. */
export interface RingsTable {
  channel_id: number;
  user_id: number;
  caller_id: number;
  /** Of this ring, and no other one. */
  token: string;
  ends_at: number;
  /** 1: the others are told that it rings, and the user is not. */
  is_silent: number;
}

/** Keys that sign tokens. The one with the highest generation signs; the others verify until their tokens have expired. */
interface SigningKeysTable {
  generation: number;
  /** Random id, which tokens name. */
  id: string;
  /** Base64url. */
  secret: string;
  created_at: number;
}

export interface NotificationsTable {
  id: Generated<number>;
  user_id: number;
  kind: string;
  actor_id: number;
  server_id: number;
  channel_id: number | null;
  message_id: number | null;
  invite_code: string | null;
  created_at: number;
  read_at: number | null;
}

/** Null: inherited from the wider scope. Kept for members who leave, and for channels that they no longer see. */
export interface NotificationLevelsTable {
  user_id: number;
  /** `account`, `server:ID` or `channel:ID`. */
  scope: string;
  /** Of the scope of that kind, so that the row goes with it. */
  server_id: number | null;
  channel_id: number | null;
  level: string | null;
  muted_until: number | null;
  suppress_everyone: number | null;
  suppress_roles: number | null;
}

/** Rows are inserted and, when they are old, deleted; the database refuses to change one. */
export interface AuditLogTable {
  id: Generated<number>;
  server_id: number;
  actor_id: number;
  action: string;
  /** Whom it concerns. */
  user_id: number | null;
  /** May be gone, like the role. */
  channel_id: number | null;
  role_id: number | null;
  /** Name of the channel or role at the time, or the code of an invite. */
  subject: string | null;
  /** 1 when some member might not see the channel at the time. */
  restricted: number;
  reason: string | null;
  /** JSON: a list of `AuditChange`. */
  changes: string;
  created_at: number;
}

export type { ExportRow, SessionRow, UserRow, UsersTable } from "./account-tables.ts";

export type RoleRow = Selectable<RolesTable>;
export type VoiceNodeRow = Selectable<VoiceNodesTable>;
export type MessageRow = Selectable<MessagesTable>;
export type ReactionRow = Selectable<ReactionsTable>;
export type NotificationRow = Selectable<NotificationsTable>;
export type SigningKeyRow = Selectable<SigningKeysTable>;
export type { AttachmentRow, AttachmentsTable } from "./attachment-tables.ts";
