import type { Sticker } from "@miscord/protocol";

/** Where a picked sticker goes. */
export interface StickerPlace {
  channelId: number;
  /** Rejects when the sticker cannot be sent. */
  send: (channelId: number, sticker: Sticker) => Promise<void>;
}
