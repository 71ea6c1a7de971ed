import type { ClientState } from "@miscord/client";
import { emojiUrl, limits, stickerUrl } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { isEmojiName, isStickerName, nameOfEmojiFile, nameOfStickerFile, type NamedFile } from "./name-of-file.ts";

/** What emoji and stickers differ in on their screens. */
export interface EmojiKind {
  /** In the server's state, and the texts. */
  id: "emojis" | "stickers";
  /** Of one server. */
  most: number;
  urlOf: (id: number) => string;
  isName: (name: string) => boolean;
  nameOfFile: (filename: string, taken: readonly string[]) => NamedFile;
  /** Of the pictures in the list. */
  sizeClass: string;
  /** How people see the name. */
  shownName: (name: string) => string;
}

export const emojiKind: EmojiKind = {
  id: "emojis",
  most: limits.emojisPerServer,
  urlOf: emojiUrl,
  isName: isEmojiName,
  nameOfFile: nameOfEmojiFile,
  sizeClass: "size-8",
  shownName: (name) => `:${name}:`,
};

export const stickerKind: EmojiKind = {
  id: "stickers",
  most: limits.stickersPerServer,
  urlOf: stickerUrl,
  isName: isStickerName,
  nameOfFile: nameOfStickerFile,
  sizeClass: "size-14",
  shownName: (name) => name,
};

/** Of the server, or with null of the instance. */
export function emojisIn(state: ClientState, { id }: EmojiKind, serverId: number | null) {
  return (serverId === null ? state.instance : state.servers[serverId])?.[id];
}

/** The texts of either kind have the same keys. */
export function useKindTexts({ id }: EmojiKind) {
  return useTranslation([id as "emojis", "common", "pictures"]);
}
