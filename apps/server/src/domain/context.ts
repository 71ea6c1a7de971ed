import type { User } from "@miscord/protocol";
import type { Bus } from "../bus/contract.ts";
import type { Clock } from "../clock.ts";
import type { Store } from "../store/contract.ts";
import type { AccessTokens } from "./accounts/access-tokens.ts";
import type { Passwords } from "./accounts/passwords.ts";
import type { FileLinks } from "./attachments/file-links.ts";
import type { UploadInspector } from "./attachments/inspection.ts";
import type { AttachmentStorage } from "./attachments/storage.ts";
import type { UploadSlots } from "./attachments/upload-slots.ts";
import type { ReadPositions } from "./messages/mark-read.ts";
import type { Presence } from "./presence-contract.ts";
import type { RateLimits } from "./rate-limits.ts";
import type { SecurityLog } from "./security-log.ts";
import type { DomainSettings } from "./settings.ts";
import type { UnreadAnnouncer } from "./messages/unread-announcer.ts";
import type { VoiceStates } from "./ports.ts";

/** What every command works with. Made once by the composition root. */
export interface DomainContext {
  readonly store: Store;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly presence: Presence;
  readonly voice: VoiceStates;
  readonly unread: UnreadAnnouncer;
  readonly readPositions: ReadPositions;
  readonly rates: RateLimits;
  readonly tokens: AccessTokens;
  readonly passwords: Passwords;
  readonly storage: AttachmentStorage;
  readonly uploadSlots: UploadSlots;
  readonly inspector: UploadInspector;
  readonly fileLinks: FileLinks;
  readonly security: SecurityLog;
  readonly settings: DomainSettings;
}

/**
 * Who acts. Just an identity: what it may do is looked up by each command in the store, so that a right that
 * was taken away is gone at once, also for sockets that authenticated long ago.
 */
export interface Actor {
  readonly userId: number;
}

/** An authenticated person on one device. */
export interface Session extends Actor {
  readonly sessionId: string;
  /** When the access token ends, milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly user: User;
  /** Logged in with a form, as version 1 does. */
  readonly isLegacy: boolean;
}
