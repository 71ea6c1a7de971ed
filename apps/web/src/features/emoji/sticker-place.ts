import type { Sticker } from "@miscord/protocol";

/** Where a picked sticker goes. */
export interface StickerPlace {
  channelId: number;
  /** Loads what sends a sticker, which throws when it cannot be sent. */
  loadSend: () => Promise<(channelId: number, sticker: Sticker) => void>;
}
