import type { Generated, Selectable } from "kysely";

/** Accounts, their sessions, how people get back in, and copies of what they have. All other rows go with their user. */
export interface AccountTables {
  users: UsersTable;
  sessions: SessionsTable;
  recovery_codes: { user_id: number; digest: string };
  one_time_secrets: OneTimeSecretsTable;
  authenticators: AuthenticatorsTable;
  passkeys: PasskeysTable;
  identities: IdentitiesTable;
  provider_visits: ProviderVisitsTable;
  exports: ExportsTable;
}

export interface UsersTable {
  id: Generated<number>;
  username: string;
  /** The username case-folded; unique. */
  username_key: string;
  /** Equal for names that look alike, and unique too. */
  username_skeleton: string;
  /** As the user wrote it; empty: there is none. It proves nothing before it is confirmed. */
  email: string;
  /** Empty: the account has no password. */
  /** The address folded, while it is confirmed: who reads it may set a new password. Not unique. */
  email_key: Generated<string | null>;
  /** The address that takes the place of `email` once it is confirmed. */
  email_pending: Generated<string | null>;
  /** Language of mails where `locale` is null: of the page that gave the address. */
  mail_locale: Generated<string | null>;
  /** 1: notices about the account's safety go to the confirmed address. */
  mail_notices: Generated<number>;
  /** When the next digest of missed mentions is due; null: none is wanted. */
  digest_at: Generated<number | null>;
  password_hash: string;
  display_name: string;
  /** The display name folded, for order and search. */
  display_name_key: Generated<string>;
  avatar_color: string;
  /** Of `pictures`; null: none. */
  picture: Generated<string | null>;
  /** What the user says of themselves; empty: nothing. */
  about: Generated<string>;
  pronouns: Generated<string>;
  /** Of `pictures`; null: none. */
  banner: Generated<string | null>;
  /** Null: that of the avatar. */
  banner_color: Generated<string | null>;
  /** `CustomStatus` as JSON; it may have ended. Null: none. */
  custom_status: Generated<string | null>;
  is_admin: number;
  locale: string | null;
  theme: string;
  status: string;
  created_at: number;
  /** Who may write to the user: `everyone`, `servers`, `friends` or `nobody`; see `private-sql.ts`. */
  messages_from: Generated<string>;
  /** 0: the user does not want to see previews of pages that messages link to. */
  link_previews: Generated<number>;
  /** `QuietHours` as JSON; null: none. */
  quiet_hours: Generated<string | null>;
  /** When the account is to be removed; null: never. Null again once it is removed. */
  deletion_at: Generated<number | null>;
  /** With `deletion_at`: `keep` leaves the messages without a name, `remove` deletes them. */
  deletion_messages: Generated<string | null>;
  /** Since then the row only stands for whoever wrote the messages that are left: see `deletedUsername`. */
  deleted_at: Generated<number | null>;
  /** When an administrator of the instance disabled the account; null: nobody did. */
  disabled_at: Generated<number | null>;
  /** When the password was set last by somebody who did not know it, with a code or a link; null: never. */
  recovered_at: Generated<number | null>;
  /** Of `programs`: none, a bot, a webhook or a placeholder. */
  program: Generated<number>;
}

interface SessionsTable {
  id: string;
  user_id: number;
  /** `web`: refresh tokens that rotate. `legacy`: one long-lived access token, which can be revoked. */
  kind: string;
  refresh_hash: string | null;
  /** Hash of the refresh token before the current one; null until the first refresh. */
  spent_hash: string | null;
  user_agent: string;
  address: string;
  created_at: number;
  last_used_at: number;
  expires_at: number;
  revoked_at: number | null;
  /** When its bearer proved last who they are: at the login, or before something that cannot be undone. */
  confirmed_at: Generated<number>;
  /** 1: the present refresh token was given more than once. */
  is_repeated: Generated<number>;
  /** Refreshes one after another, up to the last, whose token was given more than once. */
  repeated_in_a_row: Generated<number>;
}

/** Random secrets that work once, by their digest. */
interface OneTimeSecretsTable {
  digest: string;
  /** `OneTimeSecretKind`. */
  kind: string;
  /** Null: of nobody yet, as the challenge of a login by passkey. */
  user_id: number | null;
  expires_at: number;
}

/** Authenticator apps; one a user. */
interface AuthenticatorsTable {
  user_id: number;
  /** Base32; the server computes the same codes from it, so it cannot be a digest. */
  secret: string;
  /** Null until the first code was entered: it is not asked for before. */
  confirmed_at: number | null;
  /** Number of the half minute whose code was used last: that code and older ones are refused. */
  last_step: Generated<number>;
}

interface PasskeysTable {
  /** The credential's id, base64url. */
  id: string;
  user_id: number;
  name: string;
  /** COSE, base64url. */
  public_key: string;
  /** How often the authenticator says it was used; 0 where it does not count. */
  counter: number;
  /** JSON: how the browser may reach the authenticator. */
  transports: string;
  created_at: number;
  last_used_at: number | null;
}

/** Logins at providers; one of an issuer for a user. */
interface IdentitiesTable {
  /** Random. */
  id: string;
  user_id: number;
  issuer: string;
  /** The issuer's name for the person, which never changes. */
  subject: string;
  /** What the provider calls the person, for them to recognise. */
  label: string;
  created_at: number;
  last_used_at: number;
}

/** Visits to a provider that are under way, for minutes. */
interface ProviderVisitsTable {
  /** Of the `state` that the provider sends back, or of the secret in the browser's cookie once somebody is proved. */
  digest: string;
  /** `asked` or `proved`. */
  kind: string;
  /** Null: nobody is logged in. */
  user_id: number | null;
  /** JSON: see `provider-visits.ts`. */
  data: string;
  expires_at: number;
}

/** Copies of all that an account has, made for its user. */
interface ExportsTable {
  /** Random. */
  id: string;
  user_id: number;
  /** `waiting`, `running`, `ready` or `failed`. */
  status: string;
  /** How often it was begun. */
  attempts: Generated<number>;
  created_at: number;
  finished_at: number | null;
  /** Of a ready one: its file and its row go then. */
  expires_at: number | null;
  /** Of its ZIP, in the storage of uploads; null until it is ready. */
  storage_key: string | null;
  size: number | null;
}

export type ExportRow = Selectable<ExportsTable>;
export type IdentityRow = Selectable<IdentitiesTable>;
export type PasskeyRow = Selectable<PasskeysTable>;
export type SessionRow = Selectable<SessionsTable>;
export type UserRow = Selectable<UsersTable>;
