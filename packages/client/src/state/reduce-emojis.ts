import type { CustomEmoji, MainEvent } from "@miscord/protocol";
import { patchServer } from "./reduce-servers.ts";
import type { ClientState } from "./types.ts";

type Kind = "emoji" | "sticker";
type EmojiChange = Extract<MainEvent, { type: `${Kind}_${"created" | "updated" | "deleted"}` }>;

export function isEmojiChange(event: MainEvent): event is EmojiChange {
  return /^(emoji|sticker)_/.test(event.type);
}

/** An update of an emoji or a sticker that is not known comes after its deletion, and brings nothing back. */
export function reduceEmojis(state: ClientState, event: EmojiChange): ClientState {
  const { emoji, sticker, emoji_id, sticker_id, type } = event as EmojiFields;
  const list = type.startsWith("e") ? "emojis" : "stickers";
  const known = state.servers[event.server_id]?.[list] ?? [];
  const put = emoji ?? sticker;
  const id = put?.id ?? emoji_id ?? sticker_id;
  if (type.endsWith("updated") && !known.some((one) => one.id === id)) return state;
  const others = known.filter((one) => one.id !== id);
  const all = put ? [...others, put].toSorted((a, b) => a.id - b.id) : others;
  return patchServer(state, event.server_id, { [list]: all });
}

/** All fields of such events. */
type EmojiFields = Pick<EmojiChange, "type"> & {
  emoji?: CustomEmoji;
  sticker?: CustomEmoji;
  emoji_id?: number;
  sticker_id?: number;
};
