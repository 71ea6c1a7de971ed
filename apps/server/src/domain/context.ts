import type { User } from "@miscord/protocol";
import type { Bus } from "../bus/contract.ts";
import type { Cluster } from "../cluster/contract.ts";
import type { Clock } from "../clock.ts";
import type { Store } from "../store/contract.ts";
import type { AccessTokens } from "./accounts/access-tokens.ts";
import type { RefreshSecrets } from "./accounts/refresh-secrets.ts";
import type { Passwords } from "./accounts/passwords.ts";
import type { FileLinks } from "./attachments/file-links.ts";
import type { UploadInspector } from "./attachments/inspection.ts";
import type { AttachmentStorage } from "./attachments/storage.ts";
import type { UploadSlots } from "./attachments/upload-slots.ts";
import type { PictureEncoder } from "./pictures/shape.ts";
import type {
  Attention,
  AutomodActions,
  GifProvider,
  LinkPreviews,
  LoginProviders,
  Presence,
  PushSender,
  ReadPositions,
  Seals,
  SecurityLog,
  UnreadAnnouncer,
  VoiceStates,
} from "./ports.ts";
import type { MailContext } from "./mail-context.ts";
import type { LiveSettings } from "./instance/live-settings.ts";
import type { RateLimits } from "./rate-limits.ts";
import type { DomainSettings } from "./settings.ts";

/** The dependencies of all commands. The composition root creates it once; a command names the part that it uses. */
export interface DomainContext {
  readonly store: Store;
  readonly bus: Bus;
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly presence: Presence;
  readonly attention: Attention;
  readonly voice: VoiceStates;
  readonly unread: UnreadAnnouncer;
  readonly readPositions: ReadPositions;
  readonly automod: AutomodActions;
  readonly rates: RateLimits;
  readonly tokens: AccessTokens;
  readonly refreshSecrets: RefreshSecrets;
  readonly passwords: Passwords;
  readonly storage: AttachmentStorage;
  readonly uploadSlots: UploadSlots;
  readonly inspector: UploadInspector;
  readonly pictures: PictureEncoder;
  readonly previews: LinkPreviews;
  /** Null: GIFs are not searched. */
  readonly gifs: GifProvider | null;
  readonly gifSeals: Seals;
  readonly fileLinks: FileLinks;
  readonly push: PushSender;
  readonly providers: LoginProviders;
  /** Null: the instance sends no mails. */
  readonly mail: MailContext | null;
  readonly security: SecurityLog;
  readonly settings: DomainSettings;
  /** What administrators may change while the server runs. */
  readonly instance: LiveSettings;
}

/**
 * The user who runs a command. It carries no rights: each command reads them from the store, so that a right that was
 * taken away ends at once, also for sockets that authenticated long ago.
 */
export interface Actor {
  readonly userId: number;
}

/** The result of checking an access token: a user and the session (the durable login) that the token belongs to. */
export interface Authentication extends Actor {
  readonly sessionId: string;
  /** Expiry of the access token, in milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly user: User;
  /** Logged in with a form, as version 1 does. */
  readonly isLegacy: boolean;
}
