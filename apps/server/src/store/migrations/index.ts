import type { Kysely } from "kysely";
import type { SqlDialect } from "../sql-dialect.ts";
import * as initial from "./0001-initial.ts";
import * as clearing from "./0002-clearing.ts";
import * as skeletons from "./0003-username-skeletons.ts";
import * as uploader from "./0004-uploader.ts";
import * as traces from "./0005-traces.ts";
import * as fingerprints from "./0006-fingerprints.ts";
import * as signingKeys from "./0007-signing-keys.ts";
import * as roles from "./0008-roles.ts";
import * as auditLog from "./0009-audit-log.ts";
import * as moderation from "./0010-moderation.ts";
import * as channelSettings from "./0011-channel-settings.ts";
import * as search from "./0012-search.ts";
import * as privateChannels from "./0013-private-channels.ts";
import * as categories from "./0014-categories.ts";
import * as notificationLevels from "./0015-notification-levels.ts";
import * as pins from "./0016-pins.ts";
import * as voiceRestraints from "./0017-voice-restraints.ts";
import * as threads from "./0018-threads.ts";
import * as reports from "./0019-reports.ts";
import * as raids from "./0020-raids.ts";
import * as automod from "./0021-automod.ts";
import * as disabledAccounts from "./0022-disabled-accounts.ts";
import * as accountSecurity from "./0023-account-security.ts";
import * as push from "./0024-push.ts";
import * as memberNames from "./0025-member-names.ts";
import * as verification from "./0026-verification.ts";
import * as personalData from "./0027-personal-data.ts";
import * as instance from "./0028-instance.ts";
import * as mail from "./0029-mail.ts";
import * as groupMentions from "./0030-group-mentions.ts";
import * as quietHours from "./0031-quiet-hours.ts";
import * as messageRequests from "./0032-message-requests.ts";
import * as identities from "./0033-identities.ts";
import * as forums from "./0034-forums.ts";
import * as calls from "./0035-calls.ts";
import * as onboarding from "./0036-onboarding.ts";
import * as discovery from "./0037-discovery.ts";
import * as retention from "./0038-retention.ts";
import * as polls from "./0039-polls.ts";
import * as scheduledMessages from "./0040-scheduled-messages.ts";
import * as drafts from "./0041-drafts.ts";
import * as savedMessages from "./0042-saved-messages.ts";
import * as messageKit from "./0043-message-kit.ts";
import * as webhooks from "./0044-webhooks.ts";
import * as bots from "./0045-bots.ts";
import * as discordImport from "./0046-discord-import.ts";
import * as pictures from "./0047-pictures.ts";
import * as emojis from "./0048-emojis.ts";
import * as ownPictures from "./0049-own-pictures.ts";
import * as voiceMessages from "./0050-voice-messages.ts";
import * as linkPreviews from "./0051-link-previews.ts";
import * as alertPushes from "./0052-alert-pushes.ts";
import * as profiles from "./0053-profiles.ts";
import * as stickers from "./0054-stickers.ts";
import * as sounds from "./0056-sounds.ts";
import * as smallerSearch from "./0055-smaller-search.ts";
import * as encryptedCalls from "./0057-encrypted-calls.ts";
import * as voiceRegions from "./0058-voice-regions.ts";
import * as imports from "./0059-imports.ts";
import * as webhookPictures from "./0060-webhook-pictures.ts";
import * as gifs from "./0061-gifs.ts";
import * as voice from "./0062-voice.ts";
import * as notifiedPeople from "./0063-notified-people.ts";
import * as liveMessages from "./0065-live-messages.ts";
import * as authorClaims from "./0066-author-claims.ts";

export interface Migration {
  up(db: Kysely<unknown>, dialect: SqlDialect): Promise<void>;
}

/** In execution order. A released migration is never changed; a correction is a new migration. */
export const migrations: readonly (readonly [name: string, migration: Migration])[] = [
  ["0001-initial", initial],
  ["0002-clearing", clearing],
  ["0003-username-skeletons", skeletons],
  ["0004-uploader", uploader],
  ["0005-traces", traces],
  ["0006-fingerprints", fingerprints],
  ["0007-signing-keys", signingKeys],
  ["0008-roles", roles],
  ["0009-audit-log", auditLog],
  ["0010-moderation", moderation],
  ["0011-channel-settings", channelSettings],
  ["0012-search", search],
  ["0013-private-channels", privateChannels],
  ["0014-categories", categories],
  ["0015-notification-levels", notificationLevels],
  ["0016-pins", pins],
  ["0017-voice-restraints", voiceRestraints],
  ["0018-threads", threads],
  ["0019-reports", reports],
  ["0020-raids", raids],
  ["0021-automod", automod],
  ["0022-disabled-accounts", disabledAccounts],
  ["0023-account-security", accountSecurity],
  ["0024-push", push],
  ["0025-member-names", memberNames],
  ["0026-verification", verification],
  ["0027-personal-data", personalData],
  ["0028-instance", instance],
  ["0029-mail", mail],
  ["0030-group-mentions", groupMentions],
  ["0031-quiet-hours", quietHours],
  ["0032-message-requests", messageRequests],
  ["0033-identities", identities],
  ["0034-forums", forums],
  ["0035-calls", calls],
  ["0036-onboarding", onboarding],
  ["0037-discovery", discovery],
  ["0038-retention", retention],
  ["0039-polls", polls],
  ["0040-scheduled-messages", scheduledMessages],
  ["0041-drafts", drafts],
  ["0042-saved-messages", savedMessages],
  ["0043-message-kit", messageKit],
  ["0044-webhooks", webhooks],
  ["0045-bots", bots],
  ["0046-discord-import", discordImport],
  ["0047-pictures", pictures],
  ["0048-emojis", emojis],
  ["0049-own-pictures", ownPictures],
  ["0050-voice-messages", voiceMessages],
  ["0051-link-previews", linkPreviews],
  ["0052-alert-pushes", alertPushes],
  ["0053-profiles", profiles],
  ["0054-stickers", stickers],
  ["0055-smaller-search", smallerSearch],
  ["0056-sounds", sounds],
  ["0057-encrypted-calls", encryptedCalls],
  ["0058-voice-regions", voiceRegions],
  ["0059-imports", imports],
  ["0060-webhook-pictures", webhookPictures],
  ["0061-gifs", gifs],
  ["0062-voice", voice],
  ["0063-notified-people", notifiedPeople],
  ["0065-live-messages", liveMessages],
  ["0066-author-claims", authorClaims],
];
