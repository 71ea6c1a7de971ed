import { randomInt } from "node:crypto";
import { limits, type AuditAction, type CustomEmoji, type MainEvent } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import type { EmojiTable } from "../../store/queries/emojis.ts";
import type { PictureShape } from "../pictures/shape.ts";

/** What emoji and stickers differ in. */
export interface EmojiKind {
  table: EmojiTable;
  /** Of one server, and of the instance. */
  most: number;
  shape: PictureShape;
  one: string;
  many: string;
  actions: Readonly<Record<"create" | "update" | "remove", AuditAction>>;
  created: (serverId: number, emoji: CustomEmoji) => MainEvent;
  updated: (serverId: number, emoji: CustomEmoji) => MainEvent;
  deleted: (serverId: number, id: number) => MainEvent;
}

export const emojiKind: EmojiKind = {
  table: "emojis",
  most: limits.emojisPerServer,
  // Three times the size that texts show it in, for dense screens.
  shape: { width: 96, height: 96, fit: "inside", isAnimated: true },
  one: "an emoji",
  many: "emoji",
  actions: { create: "emoji_create", update: "emoji_update", remove: "emoji_delete" },
  created: (server_id, emoji) => ({ type: "emoji_created", server_id, emoji }),
  updated: (server_id, emoji) => ({ type: "emoji_updated", server_id, emoji }),
  deleted: (server_id, emoji_id) => ({ type: "emoji_deleted", server_id, emoji_id }),
};

export const stickerKind: EmojiKind = {
  table: "stickers",
  most: limits.stickersPerServer,
  // Twice the size that messages show it in.
  shape: { width: 320, height: 320, fit: "inside", isAnimated: true },
  one: "a sticker",
  many: "stickers",
  actions: { create: "sticker_create", update: "sticker_update", remove: "sticker_delete" },
  created: (server_id, sticker) => ({ type: "sticker_created", server_id, sticker }),
  updated: (server_id, sticker) => ({ type: "sticker_updated", server_id, sticker }),
  deleted: (server_id, sticker_id) => ({ type: "sticker_deleted", server_id, sticker_id }),
};

/** Largest id: 15 digits, and more than 47 bits of chance. */
const idRange = 2 ** 48 - 1;

export function emojiId(): number {
  return 1 + randomInt(idRange - 1);
}

/** Throws `invalid_request` or `limit_reached` when there is no room beside those that are there. */
export function requireRoom(kind: EmojiKind, present: readonly { name: string }[], wanted: string): void {
  if (present.some(({ name }) => name === wanted)) throw nameTaken(kind);
  if (present.length >= kind.most) throw new AppError("limit_reached", `There are at most ${kind.most} ${kind.many}.`);
}

export function nameTaken({ one }: EmojiKind): AppError {
  return new AppError("invalid_request", `There is ${one} of this name.`, { details: { field: "name" } });
}

export function noSuchEmoji({ one }: EmojiKind): AppError {
  return new AppError("not_found", `There is no such ${one.split(" ")[1]}.`);
}
