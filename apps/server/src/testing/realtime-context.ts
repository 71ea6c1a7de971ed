import { randomBytes } from "node:crypto";
import { noRetention } from "@miscord/protocol";
import { createAccessTokens, type AccessTokens } from "../domain/accounts/access-tokens.ts";
import { createRefreshSecrets } from "../domain/accounts/refresh-secrets.ts";
import { configuredKey } from "../domain/accounts/signing-keys.ts";
import { createFileLinks } from "../domain/attachments/file-links.ts";
import { UploadSlots } from "../domain/attachments/upload-slots.ts";
import type { DomainContext } from "../domain/context.ts";
import { createSeals } from "../domain/gifs/create-seals.ts";
import { LiveSettings } from "../domain/instance/live-settings.ts";
import { createReadPositions } from "../domain/messages/mark-read.ts";
import { createUnreadAnnouncer } from "../domain/messages/unread-announcer.ts";
import { createAttention } from "../domain/presence/attention.ts";
import { createRateLimits, type RateSettings } from "../domain/rate-limits.ts";

const unused = () => Promise.reject(new Error("not part of this world"));
const unusedStorage = {
  receive: unused,
  keep: unused,
  read: unused,
  size: unused,
  freeBytes: unused,
  remove: unused,
  sweep: unused,
  check: unused,
};
const generous = { perSecond: 100_000, burst: 100_000 };

const settings: DomainContext["settings"] = {
  accessTokenTtlMs: 900_000,
  hasPasswordLogin: true,
  encryptsPrivateCalls: true,
  legacyTokenTtlMs: 900_000,
  sessionTtlMs: 900_000,
  uploadQuotaBytes: 1,
  uploadTotalBytes: 0,
  minFreeBytes: 0,
  addressMs: 30 * 86_400_000,
  auditLogMs: 365 * 86_400_000,
  retention: noRetention,
};

/** The domain without the HTTP API: nothing hashes passwords or keeps files. `tokens` are those of another node. */
export function createRealtimeContext(
  { rates, tokens }: { rates?: Partial<RateSettings> | undefined; tokens?: AccessTokens | undefined },
  parts: Pick<DomainContext, "store" | "bus" | "cluster" | "clock" | "presence" | "voice">,
): DomainContext {
  return {
    ...parts,
    unread: createUnreadAnnouncer(parts),
    automod: () => Promise.resolve(),
    readPositions: createReadPositions(parts),
    tokens: tokens ?? createAccessTokens(configuredKey(randomBytes(32)), parts.clock),
    refreshSecrets: createRefreshSecrets(configuredKey(randomBytes(32))),
    rates: createRateLimits(
      {
        messages: generous,
        changes: generous,
        reports: generous,
        invitations: generous,
        invitationsReceived: generous,
        typing: generous,
        joins: generous,
        connections: generous,
        requests: generous,
        searches: generous,
        registrations: generous,
        logins: generous,
        accountLogins: generous,
        ...rates,
      },
      parts.cluster,
    ),
    passwords: { hash: unused, verify: unused },
    storage: unusedStorage,
    uploadSlots: new UploadSlots(parts.cluster),
    inspector: { inspect: unused, close: unused },
    pictures: { encode: unused, close: unused },
    previews: { look() {}, picture: unused, close() {} },
    gifs: null,
    gifSeals: createSeals(configuredKey(randomBytes(32)), parts.clock),
    fileLinks: createFileLinks(configuredKey(new Uint8Array(32)), parts.clock, 900_000),
    attention: createAttention(parts.cluster),
    mail: null,
    push: { publicKey: "", check: unused, send: unused },
    providers: { list: [], byId: () => undefined, byIssuer: () => undefined },
    security: { record() {} },
    settings,
    instance: new LiveSettings(parts, {
      registration: "open",
      server_creation: "everyone",
      link_previews: "off",
      max_upload_bytes: 1,
      ...noRetention,
      messages: rates?.messages ?? generous,
    }),
  };
}
