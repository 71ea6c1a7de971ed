import type { Generated, Selectable } from "kysely";

/** How people get back in, and what they need beside their password. All rows go with their user. */
export interface AccountTables {
  recovery_codes: { user_id: number; digest: string };
  one_time_secrets: OneTimeSecretsTable;
  authenticators: AuthenticatorsTable;
  passkeys: PasskeysTable;
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

export type PasskeyRow = Selectable<PasskeysTable>;
