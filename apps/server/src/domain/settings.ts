/** The part of the configuration that decides what commands allow. */
export interface DomainSettings {
  readonly registration: "open" | "invite" | "closed";
  readonly accessTokenTtlMs: number;
  readonly legacyTokenTtlMs: number;
  /** How long an unused session lasts. */
  readonly sessionTtlMs: number;
  readonly maxUploadBytes: number;
  /** Bytes that one user may have uploaded without sending them. */
  readonly uploadQuotaBytes: number;
  /** Bytes that one user may keep, sent or not; 0: any number. */
  readonly uploadTotalBytes: number;
  /** Uploads are refused when the disk has less left: the messages need it. */
  readonly minFreeBytes: number;
}
