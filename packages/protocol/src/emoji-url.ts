/** Where the picture of a server's emoji is, for anybody who knows the id; 404 once the emoji is deleted. */
export const emojiUrl = (id: number): string => `/api/emojis/${id}`;
/** The same of a sticker. */
export const stickerUrl = (id: number): string => `/api/stickers/${id}`;
/** The file of a server's sound. */
export const soundUrl = (id: number): string => `/api/sounds/${id}`;
