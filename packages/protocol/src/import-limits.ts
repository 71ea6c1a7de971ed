/** Limits of what administrators upload to be imported. */
export const importLimits = {
  /** Files of one import, media among them. */
  files: 100_000,
  filesPerCall: 500,
  pathLength: 1_000,
  /** Of all files together; the disk of the instance is smaller. */
  bytes: 2 ** 45,
  /** Bytes that are sent at once, at most. */
  partBytes: 8 * 1024 * 1024,
  /** Days that uploaded files wait to be imported, and that the report of an import is kept. */
  waitingDays: 3,
  reportDays: 30,
  /** Of a name in Discord, or an id. */
  authorLength: 64,
  /** Of one person: authors whom they say to be, of these those that wait for an answer, and how often they ask for one of them. */
  claimsPerUser: 20,
  claimsWaiting: 5,
  claimAttempts: 3,
  /** Of those that wait, on a page; more messages of an author are not counted in it. */
  claimsPage: 25,
  claimMessages: 10_000,
} as const;

/** What an import had no place for. */
export const importLosses = [
  "noMedia",
  "tooLargeFiles",
  "noExport",
  "cutFiles",
  "privateConversations",
  "privateThreads",
  "reversed",
  "systemLines",
  "unreadableMessages",
  "emptyMessages",
  "longMessages",
  "lateMessages",
  "replies",
  "embeds",
  "pins",
  "channels",
  "threads",
  "goneChannels",
  "roles",
  "reactionKinds",
  "unnamedReactions",
  "customReactions",
  "noEmojiPicture",
  "noStickerPicture",
  "unreadablePictures",
  "vectorStickers",
  "emojis",
  "stickers",
] as const;

/** What an import made, or in a preview would make. */
export const importMade = [
  "servers",
  "categories",
  "textChannels",
  "voiceChannels",
  "forums",
  "channels",
  "threads",
  "posts",
  "threadsAndPosts",
  "messages",
  "files",
  "fileBytes",
  "reactions",
  "authors",
  "roles",
  "emojis",
  "stickers",
] as const;

/** Why an export cannot be imported, or not further. */
export const importFaults = [
  "no_exports",
  "several_servers",
  "too_many_files",
  "other_server",
  "other_owner",
  "server_gone",
  "storage_full",
  "internal",
] as const;

export type ImportLoss = (typeof importLosses)[number];
export type ImportMade = (typeof importMade)[number];
export type ImportFaultCode = (typeof importFaults)[number];

/** Why nobody has got the messages of an author: `details.reason`. */
export type ImportClaimRefusal = "no_user" | "no_author" | "several_authors" | "claimed";
