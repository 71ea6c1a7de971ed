import { loadEmojiFile } from "./load-emoji-file.ts";
import { popularityOf } from "./known-emoji.ts";

/** Emoji with their names, the best-known name first. */
export type Shortcodes = readonly (readonly [emoji: string, ...names: string[]])[];

/** Loads the names for a language once, when the first `:` is typed or the picker is opened. */
export function loadShortcodes(locale: string): Promise<Shortcodes> {
  return loadEmojiFile(`${locale}/shortcodes.json`);
}

export interface ShortcodeMatch {
  emoji: string;
  name: string;
}

/**
 * The best matches of the composer's list and of the picker. Well-known emoji come first, if a word of their name starts
 * with the query: "ok" means 👌 rather than 🆗. Then names that are the query, that start with it, with a word that does,
 * and with any part that does, if the query is long enough to mean it.
 */
export function searchShortcodes(all: Shortcodes, query: string, limit: number): ShortcodeMatch[] {
  const wanted = foldWord(query).replaceAll(" ", "_");
  const ranked = all.flatMap(([emoji, ...names]) => {
    const popularity = popularityOf(emoji);
    const [best] = names
      .map((name) => ({ emoji, name, popularity, rank: rankOf(foldWord(name), wanted, popularity) }))
      .toSorted((a, b) => a.rank - b.rank);
    return best && best.rank < noMatch ? [best] : [];
  });
  return ranked
    .toSorted((a, b) => a.rank - b.rank || compare(a.popularity, b.popularity) || a.name.length - b.name.length)
    .slice(0, limit)
    .map(({ emoji, name }) => ({ emoji, name }));
}

export function emojiNamed(all: Shortcodes, name: string): string | undefined {
  return all.find(([, ...names]) => names.includes(name.toLowerCase()))?.[0];
}

const noMatch = 6;

function rankOf(name: string, query: string, popularity: number): number {
  const isKnown = Number.isFinite(popularity);
  if (name === query) return isKnown ? 0 : 2;
  if (name.startsWith(query)) return isKnown ? 1 : 3;
  if (name.includes(`_${query}`)) return isKnown ? 1 : 4;
  return isPart(name, query) ? 5 : noMatch;
}

/** Case, and the dots of ё, which few people type, make no difference. */
export const foldWord = (word: string): string => word.trim().toLowerCase().replaceAll("ё", "е");

/** Three letters inside a word, such as `еда` in `медаль`, are a coincidence. */
export const isPart = (word: string, query: string): boolean => query.length > 3 && word.includes(query);

/** Like subtraction, for numbers that may both be infinite. */
function compare(one: number, other: number): number {
  return one === other ? 0 : one - other;
}
