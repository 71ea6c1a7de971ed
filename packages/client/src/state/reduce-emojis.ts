import type { MainEvent } from "@miscord/protocol";
import { patchServer } from "./reduce-servers.ts";
import type { ClientState } from "./types.ts";

type EmojiChange = Extract<MainEvent, { type: "emoji_created" | "emoji_updated" | "emoji_deleted" }>;

export function isEmojiChange(event: MainEvent): event is EmojiChange {
  return event.type.startsWith("emoji_");
}

/** An update of an emoji that is not known comes after its deletion, and brings nothing back. */
export function reduceEmojis(state: ClientState, event: EmojiChange): ClientState {
  const { emojis = [] } = state.servers[event.server_id] ?? {};
  const [id, emoji] = event.type === "emoji_deleted" ? [event.emoji_id] : [event.emoji.id, event.emoji];
  if (event.type === "emoji_updated" && !emojis.some((one) => one.id === id)) return state;
  const others = emojis.filter((one) => one.id !== id);
  const all = emoji ? [...others, emoji].toSorted((a, b) => a.id - b.id) : others;
  return patchServer(state, event.server_id, { emojis: all });
}
