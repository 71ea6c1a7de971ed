import type { CustomEmoji, MainEvent } from "@miscord/protocol";
import { patchServer } from "./reduce-servers.ts";
import type { ClientState } from "./types.ts";

type Kind = "emoji" | "sticker";
type EmojiChange = Extract<MainEvent, { type: `${Kind}_${"created" | "updated" | "deleted"}` }>;
/** All fields of such events. */
type Fields = { server_id: number } & { [Name in Kind]?: CustomEmoji } & { [Name in `${Kind}_id`]?: number };

export function isEmojiChange(event: MainEvent): event is EmojiChange {
  return /^(emoji|sticker)_/.test(event.type);
}

/** An update of an emoji or a sticker that is not known comes after its deletion, and brings nothing back. */
export function reduceEmojis(state: ClientState, event: EmojiChange): ClientState {
  const [kind, change] = event.type.split("_") as [Kind, string];
  const { server_id: serverId, [kind]: emoji, [`${kind}_id` as const]: removedId } = event as Fields;
  const known = state.servers[serverId]?.[`${kind}s`] ?? [];
  const id = emoji?.id ?? removedId;
  if (change === "updated" && !known.some((one) => one.id === id)) return state;
  const others = known.filter((one) => one.id !== id);
  const all = emoji ? [...others, emoji].toSorted((a, b) => a.id - b.id) : others;
  return patchServer(state, serverId, { [`${kind}s`]: all });
}
