import type { Logger } from "pino";
import type { BackendOptions, Closers } from "./backends.ts";
import type { Config } from "./config.ts";
import { createAccessTokens } from "./domain/accounts/access-tokens.ts";
import { createRefreshSecrets } from "./domain/accounts/refresh-secrets.ts";
import { createPasswords } from "./domain/accounts/passwords.ts";
import { createAutomodActions } from "./domain/automod/act-on-matches.ts";
import { createFileLinks } from "./domain/attachments/file-links.ts";
import type { UploadInspector } from "./domain/attachments/inspection.ts";
import type { AttachmentStorage } from "./domain/attachments/storage.ts";
import { ThreadedInspector } from "./domain/attachments/threaded-inspector.ts";
import { UploadSlots } from "./domain/attachments/upload-slots.ts";
import type { DomainContext } from "./domain/context.ts";
import { ProcessEncoder } from "./domain/pictures/process-encoder.ts";
import type { PictureEncoder } from "./domain/pictures/shape.ts";
import { createReadPositions } from "./domain/messages/mark-read.ts";
import { createUnreadAnnouncer } from "./domain/messages/unread-announcer.ts";
import { LiveSettings } from "./domain/instance/live-settings.ts";
import type { GifProvider, LinkPreviews, UnreadAnnouncer } from "./domain/ports.ts";
import { createSeals } from "./domain/gifs/create-seals.ts";
import { createLinkPreviews } from "./domain/previews/preview-links.ts";
import { createRateLimits } from "./domain/rate-limits.ts";
import { openSigningKeys } from "./open-signing-keys.ts";
import { createAttention } from "./domain/presence/attention.ts";
import { httpsOnly, type IssuerRules } from "./oidc/bounded-fetch.ts";
import { createLoginProviders } from "./oidc/login-providers.ts";
import { publicAddresses, type AddressRules } from "./outgoing/address-rules.ts";
import { OutgoingThread } from "./outgoing-thread/outgoing-thread.ts";
import { PublicPages } from "./outgoing/public-pages.ts";
import { openVapid } from "./push/vapid.ts";
import { createPushSender } from "./push/web-push-sender.ts";
import { openGifProvider } from "./gifs/open-gif-provider.ts";
import { version } from "./version.ts";
import { openMail } from "./mail/open-mail.ts";
import { openStorage } from "./storage/open-storage.ts";

type Parts = Pick<DomainContext, "store" | "bus" | "cluster" | "clock" | "presence" | "voice" | "security">;

/** Takes the place of what would be created. */
interface ContextOverrides {
  /** Addresses that pushes go to: those of a push service of a test. */
  push?: AddressRules;
  /** Addresses that pages are read from, and GIFs: those of a site of a test. */
  pages?: AddressRules;
  /** How login providers may be called. */
  issuers?: IssuerRules;
  storage?: (storage: AttachmentStorage) => AttachmentStorage;
  worker?: { readonly unread?: UnreadAnnouncer };
}

/** Push services want to know whom to ask; browsers subscribe on https pages, which have a `PUBLIC_URL`, and on this machine. */
const unnamedSender = "mailto:operator@localhost";

/** What the domain's commands work with. */
export async function createContext(
  config: Config,
  overrides: ContextOverrides,
  parts: Parts,
  { logger, closers }: Pick<BackendOptions, "logger" | "closers">,
): Promise<DomainContext> {
  const onError = (err: unknown) => logger.error({ err }, "reading the signing keys failed");
  const [{ keys, stop }, storage, vapid] = await Promise.all([
    openSigningKeys(config, { ...parts, onError }),
    openStorage(config),
    openVapid(parts, config.publicUrl ?? unnamedSender),
  ]);
  const https = new OutgoingThread(overrides.push ?? publicAddresses, "");
  closers.push(stop, () => https.close());
  const live = await openInstance(config, parts);
  const context = {
    ...parts,
    instance: live,
    storage: overrides.storage?.(storage) ?? storage,
    rates: createRateLimits({ ...config.rates, messages: live.messageRate }, parts.cluster),
    pictures: startEncoder(logger, closers),
    settings: config,
  };
  return {
    ...context,
    previews: startPreviews(context, config, overrides.pages ?? publicAddresses, { logger, closers }),
    gifs: startGifs(config, parts, overrides.pages ?? publicAddresses, { logger, closers }),
    gifSeals: createSeals(keys, parts.clock),
    automod: createAutomodActions(context, (err) => logger.error({ err }, "an AutoMod rule could not be applied")),
    attention: createAttention(parts.cluster),
    push: createPushSender(https, vapid, {
      clock: parts.clock,
      onFault: (fault) => logger.warn(fault, "a push service did not take a push"),
    }),
    providers: createLoginProviders(config.oidcProviders, {
      clock: parts.clock,
      rules: overrides.issuers ?? httpsOnly,
      onFault: (fault) => logger.warn(fault, "a login provider failed"),
    }),
    mail: openMail(config),
    uploadSlots: new UploadSlots(parts.cluster),
    inspector: startInspector(logger, closers),
    fileLinks: createFileLinks(keys, parts.clock, config.legacyTokenTtlMs),
    tokens: createAccessTokens(keys, parts.clock),
    refreshSecrets: createRefreshSecrets(keys),
    passwords: createPasswords(),
    unread: overrides.worker?.unread ?? createUnreadAnnouncer(parts),
    readPositions: createReadPositions(parts),
  };
}

async function openInstance(config: Config, parts: Parts): Promise<LiveSettings> {
  const live = new LiveSettings(parts, {
    registration: config.registration,
    server_creation: config.serverCreation,
    link_previews: config.linkPreviews,
    max_upload_bytes: config.maxUploadBytes,
    ...config.retention,
    messages: config.rates.messages,
  });
  await live.refresh();
  return live;
}

function startPreviews(
  context: Parameters<typeof createLinkPreviews>[0],
  { publicUrl }: Config,
  rules: AddressRules,
  { logger, closers }: Pick<BackendOptions, "logger" | "closers">,
): LinkPreviews {
  const contact = publicUrl === undefined ? "" : `; +${publicUrl}`;
  const pages = new OutgoingThread(rules, `Miscord/${version} (bot; link previews${contact})`);
  const previews = createLinkPreviews(context, {
    reader: pages,
    ownOrigin: publicUrl === undefined ? undefined : new URL(publicUrl).origin,
    onError: (err) => logger.error({ err }, "making a link preview failed"),
  });
  closers.push(
    () => pages.close(),
    () => previews.close(),
  );
  return previews;
}

function startGifs(
  { gifProvider, gifApiKey: key }: Config,
  { clock }: Parts,
  rules: AddressRules,
  { logger, closers }: Pick<BackendOptions, "logger" | "closers">,
): GifProvider | null {
  const pages = new PublicPages(rules, `Miscord/${version} (GIF search)`);
  closers.push(() => pages.close());
  const onFault = (fault: string) => logger.warn({ fault }, "a call to the GIF provider failed");
  const settings = gifProvider && key !== undefined ? { ...gifProvider, key } : null;
  return openGifProvider(settings, { pages, clock, onFault });
}

function startInspector(logger: Logger, closers: Closers): UploadInspector {
  const onFailure = (error: Error) => logger.warn({ err: error }, "an upload could not be inspected");
  const inspector = new ThreadedInspector({ onFailure });
  closers.push(() => inspector.close());
  return inspector;
}

function startEncoder(logger: Logger, closers: Closers): PictureEncoder {
  const encoder = new ProcessEncoder({ onFailure: (err) => logger.warn({ err }, "a picture could not be encoded") });
  closers.push(() => encoder.close());
  return encoder;
}
