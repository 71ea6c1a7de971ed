import type { MainEvent } from "@miscord/protocol";
import { patchServer } from "./reduce-servers.ts";
import type { ClientState } from "./types.ts";

type Kind = "emoji" | "sticker" | "sound";
type EmojiChange = Extract<MainEvent, { type: `${Kind}_${"created" | "updated" | "deleted"}` }>;
/** Emoji, stickers and sounds have ids, and all else is as it is told. */
interface Item {
  id: number;
}
/** All fields of such events. */
type Fields = { server_id: number } & { [Name in Kind]?: Item } & { [Name in `${Kind}_id`]?: number };

export function isEmojiChange(event: MainEvent): event is EmojiChange {
  return /^(emoji|sticker|sound)_/.test(event.type);
}

/** An update of what is not known comes after its deletion, and brings nothing back. */
export function reduceEmojis(state: ClientState, event: EmojiChange): ClientState {
  const [kind, change] = event.type.split("_") as [Kind, string];
  const { server_id: serverId, [kind]: item, [`${kind}_id` as const]: removedId } = event as Fields;
  const known: readonly Item[] = state.servers[serverId]?.[`${kind}s`] ?? [];
  const id = item?.id ?? removedId;
  if (change === "updated" && !known.some((one) => one.id === id)) return state;
  const others = known.filter((one) => one.id !== id);
  const all = item ? [...others, item].toSorted((a, b) => a.id - b.id) : others;
  return patchServer(state, serverId, { [`${kind}s`]: all });
}
