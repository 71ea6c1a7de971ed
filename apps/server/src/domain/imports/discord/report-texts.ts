import { limits, type ImportLoss, type ImportMade } from "@miscord/protocol";

/** What an import had no place for, in English for the command line. */
const lostTexts: Record<ImportLoss, string> = {
  noMedia: "files that do not lie in the folder: export with --media",
  tooLargeFiles: "files that are larger than uploads may be",
  noExport: "files that are no exports",
  cutFiles: "files that could be read in part only",
  privateConversations: "private conversations, which belong to their people",
  privateThreads: "private threads: threads here are seen by all who see the channel",
  reversed: "files with the newest message first: export without --reverse",
  systemLines: "lines that are no messages, such as joins and calls",
  unreadableMessages: "messages that cannot be read",
  emptyMessages: "messages without anything to show",
  longMessages: `messages longer than ${limits.messageLength} characters, which were cut`,
  lateMessages: "messages that stand behind newer ones, as in the file",
  replies: "replies to messages that are not in the channel's export",
  embeds: "embeds beyond what a message may have",
  pins: `pins beyond the ${limits.pinsPerChannel} of a channel`,
  channels: `channels beyond the ${limits.channelsPerServer} that a server may have`,
  threads: "threads without a channel, or too many",
  goneChannels: "channels and threads that were imported before and are deleted now, or are in another server",
  roles: `roles beyond the ${limits.rolesPerServer} that a server may have`,
  reactionKinds: "reactions beyond what a message may have",
  unnamedReactions: "reactions of people whom the export does not name",
  customReactions: "reactions with custom emoji",
  noEmojiPicture: "emoji without a picture in the export: export with --media",
  noStickerPicture: "stickers without a picture in the export: export with --media",
  unreadablePictures: "pictures of emoji and stickers that cannot be read",
  vectorStickers: "stickers that are vector animations (Lottie)",
  emojis: `emoji beyond the ${limits.emojisPerServer} that a server may have`,
  stickers: `stickers beyond the ${limits.stickersPerServer} that a server may have`,
};

const madeTexts: Record<ImportMade, string> = {
  servers: "servers",
  categories: "categories",
  textChannels: "text channels",
  voiceChannels: "voice channels",
  forums: "forums",
  channels: "channels",
  threads: "threads",
  posts: "posts",
  threadsAndPosts: "threads and posts",
  messages: "messages",
  files: "files",
  fileBytes: "bytes of files that are there",
  reactions: "reactions",
  authors: "authors",
  roles: "roles",
  emojis: "emoji",
  stickers: "stickers",
};

/** Imports from elsewhere say what they mean in words. */
export function textOf(what: string, texts: "made" | "lost"): string {
  const table: Partial<Record<string, string>> = texts === "made" ? madeTexts : lostTexts;
  return Object.hasOwn(table, what) ? table[what]! : what;
}
