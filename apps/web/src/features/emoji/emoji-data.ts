import { loadEmojiFile } from "./load-emoji-file.ts";
import { popularityOf } from "./known-emoji.ts";
import { foldWord, isPart, loadShortcodes, searchShortcodes, type Shortcodes } from "./shortcodes.ts";
import { newestSupportedVersion } from "./supported-version.ts";

export const skinTones = ["none", "light", "medium-light", "medium", "medium-dark", "dark"] as const;
export type SkinTone = (typeof skinTones)[number];

export interface EmojiEntry {
  emoji: string;
  /** How a field for text shows it, where that differs. */
  typed?: string;
  label: string;
  group: number;
  version: number;
  /** Words for the search, in the reader's language and in English. */
  tags: readonly string[];
  skins?: readonly { emoji: string; tone: number | readonly number[] }[];
}

export interface EmojiGroup {
  id: number;
  label: string;
}

export interface EmojiData {
  entries: readonly EmojiEntry[];
  groups: readonly EmojiGroup[];
  shortcodes: Shortcodes;
}

interface Messages {
  groups: readonly { key: string; message: string; order: number }[];
}

/** Emojibase's group of parts, such as skin tones and hair, which are no emoji by themselves. */
const components = 2;

/** Everything the picker shows, in one language, without emoji that this device's font does not have. */
export async function loadEmojiData(locale: string): Promise<EmojiData> {
  const [all, messages, shortcodes] = await Promise.all([
    loadEmojiFile<readonly EmojiEntry[]>(`${locale}/data.json`),
    loadEmojiFile<Messages>(`${locale}/messages.json`),
    loadShortcodes(locale),
  ]);
  const newest = newestSupportedVersion();
  const entries = all.filter(({ group, version }) => group !== components && version <= newest);
  const groups = messages.groups
    .map(({ message, order }) => ({ id: order, label: capitalized(message, locale) }))
    .filter(({ id }) => entries.some(({ group }) => group === id));
  return { entries, groups, shortcodes };
}

function capitalized(text: string, locale: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}

/** The entry's emoji with the chosen skin tone, where it has one. */
export function withSkinTone({ emoji, skins }: EmojiEntry, skinTone: SkinTone): string {
  const tone = skinTones.indexOf(skinTone);
  return skins?.find((skin) => skin.tone === tone)?.emoji ?? emoji;
}

const shown = 180;

/** First the composer's matches in their order, then emoji with a label or tag that is the query, begins with it or contains it. */
export function searchEmoji({ entries, shortcodes }: EmojiData, query: string): readonly EmojiEntry[] {
  const byEmoji = new Map(entries.map((entry) => [entry.emoji, entry]));
  const named = searchShortcodes(shortcodes, query, shown).flatMap(({ emoji }) => byEmoji.get(emoji) ?? []);
  const taken = new Set(named);
  const wanted = foldWord(query);
  const tagged = entries
    .filter((entry) => !taken.has(entry))
    .map((entry) => ({ entry, rank: tagRank(entry, wanted), popularity: popularityOf(entry.emoji) }))
    .filter(({ rank }) => rank < noTag)
    .toSorted((a, b) => a.rank - b.rank || (a.popularity === b.popularity ? 0 : a.popularity - b.popularity))
    .map(({ entry }) => entry);
  return [...named, ...tagged].slice(0, shown);
}

const noTag = 3;

function tagRank({ label, tags }: EmojiEntry, wanted: string): number {
  const words = [label, ...tags].map(foldWord);
  if (words.includes(wanted)) return 0;
  if (words.some((word) => word.split(/[\s_:-]+/).some((part) => part.startsWith(wanted)))) return 1;
  return words.some((word) => isPart(word, wanted)) ? 2 : noTag;
}
