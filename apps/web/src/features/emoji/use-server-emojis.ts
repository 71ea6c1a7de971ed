import type { CustomEmoji } from "@miscord/protocol";
import { emojiMark, emojiMarksIn } from "@miscord/text";
import { useMemo } from "react";
import { useClientState } from "../../core/client.ts";
import { useCan } from "../../core/use-can.ts";
import { searchServerEmojis, typedEmoji } from "./complete-emoji.ts";
import type { EmojiEntry } from "./emoji-data.ts";

/** The emoji of one server, or with the id 0 of the instance. */
export interface ServerSection {
  id: number;
  name: string;
  entries: readonly EmojiEntry[];
}

export interface ServerEmojis {
  sections: readonly ServerSection[];
  search: (query: string) => readonly EmojiEntry[];
  /** The present entry of an emoji that was picked earlier; undefined for one that is gone. */
  entryOf: (mark: string) => EmojiEntry | undefined;
}

/**
 * Emoji that the user may use there, as the picker shows them: this server's first, those of the others, then the instance's;
 * undefined: none are offered.
 */
export function useServerEmojis(serverId: number | null | undefined, channelId?: number): ServerEmojis {
  const hasForeign = useCan(serverId ?? null, "useExternalEmojis", channelId) || !serverId;
  const servers = useClientState((state) => state.servers);
  const serverIds = useClientState((state) => state.serverIds);
  const instance = useClientState((state) => state.instance);
  return useMemo(() => {
    const ids =
      serverId === undefined ? [] : [serverId ?? 0, ...serverIds.filter((id) => hasForeign && id !== serverId)];
    const everywhere =
      instance && serverId !== undefined ? [{ id: 0, name: instance.name, emojis: instance.emojis }] : [];
    const places = [...ids.flatMap((id) => servers[id] ?? []), ...everywhere];
    const withEmojis = places.filter(({ emojis = [] }) => emojis.length > 0);
    const all = withEmojis.flatMap(({ emojis = [] }) => emojis);
    const toEntry = (emoji: CustomEmoji): EmojiEntry => ({
      emoji: emojiMark(emoji),
      typed: typedEmoji(emoji, all),
      label: `:${emoji.name}:`,
      group: -1,
      version: 0,
      tags: emoji.aliases,
    });
    return {
      sections: withEmojis.map(({ id, name, emojis = [] }) => {
        const byName = emojis.toSorted((a, b) => a.name.localeCompare(b.name));
        return { id, name, entries: byName.map(toEntry) };
      }),
      search: (query) => searchServerEmojis(all, query).map(toEntry),
      entryOf(mark) {
        const emoji = all.find(({ id }) => id === emojiMarksIn(mark)[0]?.id);
        return emoji && toEntry(emoji);
      },
    };
  }, [servers, serverIds, instance, serverId, hasForeign]);
}
