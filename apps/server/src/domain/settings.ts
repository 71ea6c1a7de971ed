import type { Retention } from "@miscord/protocol";

/** The part of the configuration that commands depend on. */
export interface DomainSettings {
  readonly accessTokenTtlMs: number;
  /** False: people log in through a provider or with a passkey. */
  readonly hasPasswordLogin: boolean;
  readonly legacyTokenTtlMs: number;
  /** Calls in private channels are encrypted from end to end. */
  readonly encryptsPrivateCalls: boolean;
  /** A session ends after being unused for this long. */
  readonly sessionTtlMs: number;
  /** How long entries of audit logs are kept. */
  readonly auditLogMs: number;
  /** How long the address of a session is kept after its last use. */
  readonly addressMs: number;
  /** How long the instance keeps messages and files, where administrators have set nothing. */
  readonly retention: Retention;
  /** Bytes that one user may have uploaded and not yet sent in a message. */
  readonly uploadQuotaBytes: number;
  /** Bytes that one user may keep, sent or not; 0: any number. */
  readonly uploadTotalBytes: number;
  /** Uploads are refused when the disk has fewer bytes left, which the database needs for messages. */
  readonly minFreeBytes: number;
}
