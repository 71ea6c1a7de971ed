import type { Attachment, Sticker } from "@miscord/protocol";

/** Where a picked sticker or GIF goes. */
export interface StickerPlace {
  channelId: number;
  /** Loads what sends them, which throws when they cannot be sent. */
  loadSend: () => Promise<{
    sendSticker: (channelId: number, sticker: Sticker) => void;
    sendGif: (channelId: number, gif: Attachment) => void;
  }>;
}
