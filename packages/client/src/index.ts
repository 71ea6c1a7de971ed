export type { Choice, ClientEvents, ClientOptions, MessageDraft, MiscordClient } from "./client.ts";
export { createClient } from "./create-client.ts";
export type { Metrics, MetricsSnapshot, Quality } from "./metrics/metrics.ts";
export type { OutboxPersistence } from "./outbox/persistence.ts";
export type { Clock, Locks, Platform, Timer, WebSocketConstructor, WebSocketLike } from "./platform.ts";
export { ApiError } from "./rest/api-error.ts";
export { botCalls } from "./rest/bot-calls.ts";
export { automodCalls } from "./rest/automod-calls.ts";
export { emojiCalls } from "./rest/emoji-calls.ts";
export { soundCalls } from "./rest/sound-calls.ts";
export { gifCalls } from "./rest/gif-calls.ts";
export { webhookCalls } from "./rest/webhook-calls.ts";
export { dataCalls } from "./rest/data-calls.ts";
export { draftCalls, messageToolCalls, savedCalls, scheduledCalls } from "./rest/message-calls.ts";
export { authorClaimCalls, importCalls } from "./rest/import-calls.ts";
export { instanceAccountCalls } from "./rest/instance-account-calls.ts";
export { monitorCalls } from "./rest/monitor-calls.ts";
export { pictureCalls, type PictureOwner } from "./rest/picture-calls.ts";
export { safetyCalls } from "./rest/safety-calls.ts";
export { profileCalls } from "./rest/profile-calls.ts";
export { reportCalls } from "./rest/report-calls.ts";
export { pollCalls } from "./rest/poll-calls.ts";
export { mailCalls } from "./rest/mail-calls.ts";
export { onboardingCalls } from "./rest/onboarding-calls.ts";
export { providerCalls } from "./rest/provider-calls.ts";
export { securityCalls } from "./rest/security-calls.ts";
export { createStorageLocks } from "./rest/storage-locks.ts";
export type { Rest } from "./rest/rest.ts";
export { searchCalls, type SearchRequest } from "./rest/search-calls.ts";
export type { UploadOptions, UploadSource } from "./rest/upload.ts";
export type { LogoutMark } from "./session/logout-mark.ts";
export { effectiveNotifications, inheritedNotifications, ownSetting } from "./state/notification-levels.ts";
export { followedThreads } from "./state/reduce-threads.ts";
export {
  accessFacts,
  heldBackIn,
  heldUntil,
  isActiveAdmin,
  isTimedOut,
  lacksFactor,
  memberRights,
  rankOf,
} from "./state/rights.ts";
export { serverChannel } from "./state/server-channel.ts";
export type * from "./state/types.ts";
export { hasCalls } from "./state/reduce-voice.ts";
export type { DeviceKey, EncryptionPlatform, EpochKeys, FrameCipher } from "./voice/encryption/frame-cipher.ts";
export type { PeerState } from "./voice/peer.ts";
export type { RemoteMedia, ScreenTracks } from "./voice/peer-media.ts";
export type { PeerQuality, PeerSample } from "./voice/stats.ts";
export type { CallEncryptionState, CallParticipant, CallState, PlayedSound, SmallPictures } from "./voice/types.ts";
export { FavouriteGifList, type KeptGifs } from "./sync/favourite-gifs.ts";
export type { Voice } from "./voice/voice.ts";
