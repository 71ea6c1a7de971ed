import type { CustomEmoji } from "@miscord/protocol";
import { emojiMark } from "@miscord/text";
import { emojiNamed, foldWord, loadShortcodes, searchShortcodes, type Shortcodes } from "./shortcodes.ts";

export interface EmojiChoice {
  /** As a text or a reaction holds it. */
  emoji: string;
  name: string;
  /** As a field for text shows it. */
  typed: string;
}

/** What a field for text shows of the emoji: its name where that means this one. */
export function typedEmoji(emoji: CustomEmoji, all: readonly CustomEmoji[]): string {
  const isMeant = all.find(({ name }) => name === emoji.name)?.id === emoji.id;
  return isMeant ? `:${emoji.name}:` : emojiMark(emoji);
}

/** Emoji of servers in their order: those whose name or alias is the query, begins with it or a word of which does. */
export function searchServerEmojis<Emoji extends CustomEmoji>(all: readonly Emoji[], query: string): readonly Emoji[] {
  const wanted = foldWord(query);
  const ranked = all.map((emoji) => {
    const words = [emoji.name, ...emoji.aliases].map(foldWord);
    return { emoji, rank: Math.min(...words.map((word) => rankOf(word, wanted))) };
  });
  return ranked
    .filter(({ rank }) => rank < none)
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ emoji }) => emoji);
}

const none = 3;

function rankOf(word: string, wanted: string): number {
  if (word === wanted) return 0;
  if (word.startsWith(wanted)) return 1;
  return word.split(/[\s_-]+/).some((part) => part.startsWith(wanted)) ? 2 : none;
}

/** Completions of a query, best first: emoji of servers, then those of Unicode. */
export interface EmojiCompletion {
  search: (servers: readonly CustomEmoji[], query: string, limit: number) => readonly EmojiChoice[];
  /** What a name in colons stands for; undefined: the name stays as it is typed. */
  named: (servers: readonly CustomEmoji[], name: string) => string | undefined;
}

export async function loadCompletion(locale: string): Promise<EmojiCompletion> {
  const all: Shortcodes = await loadShortcodes(locale);
  return {
    search(servers, query, limit) {
      const own = searchServerEmojis(servers, query).map((emoji): EmojiChoice => ({
        emoji: emojiMark(emoji),
        name: emoji.name,
        typed: typedEmoji(emoji, servers),
      }));
      const others = searchShortcodes(all, query, limit).map(({ emoji, name }) => ({ emoji, name, typed: emoji }));
      // Many that fit leave room for some of the others.
      return [...own.slice(0, Math.max(limit - others.length, Math.ceil(limit / 2))), ...others].slice(0, limit);
    },
    named: (servers, name) => (servers.some((emoji) => emoji.name === name) ? undefined : emojiNamed(all, name)),
  };
}
