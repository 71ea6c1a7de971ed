import { beforeAll, expect, test } from "vitest";
import { emojibase } from "../../../vite/emojibase.ts";
import { type EmojiEntry, searchEmoji } from "./emoji-data.ts";
import { searchShortcodes, type Shortcodes } from "./shortcodes.ts";

/** The files that the build ships, by name. */
const files = new Map<string, string>();

beforeAll(async () => {
  const emitFile = ({ fileName, source }: { fileName: string; source: string }) => void files.set(fileName, source);
  await (emojibase().generateBundle as unknown as (this: object) => Promise<void>).call({ emitFile });
});

const read = (name: string): unknown => JSON.parse(files.get(`emojibase/${name}`)!);

test.each([
  ["en", "thumbs", "👍"],
  ["en", "heart", "❤️"],
  ["en", "fire", "🔥"],
  ["en", "ok", "👌"],
  ["en", "clap", "👏"],
  ["en", "wave", "👋"],
  ["en", "pray", "🙏"],
  ["en", "joy", "😂"],
  ["en", "rocket", "🚀"],
  ["en", "100", "💯"],
  ["en", "tada", "🎉"],
  ["en", "eyes", "👀"],
  ["en", "cat", "🐱"],
  ["en", "star", "⭐"],
  ["ru", "сердце", "❤️"],
  ["ru", "огонь", "🔥"],
  ["ru", "fire", "🔥"],
  ["en", "love", "❤️"],
  ["en", "up", "👆"],
  ["en", "right", "👉"],
  ["ru", "да", "👍"],
  ["ru", "нет", "👎"],
  ["ru", "кот", "🐱"],
  ["ru", "пока", "👋"],
  ["ru", "дизлайк", "👎"],
  ["ru", "молодец", "👏"],
  ["ru", "ёлка", "🎄"],
  ["ru", "елка", "🎄"],
  ["ru", "баг", "🐛"],
  ["ru", "еда", "🍕"],
  ["ru", "праздник", "🎉"],
])("in the shipped names (%s), %s finds %s first, in the picker as in the composer", (locale, query, emoji) => {
  const shortcodes = read(`${locale}/shortcodes.json`) as Shortcodes;
  const entries = read(`${locale}/data.json`) as EmojiEntry[];
  const named = searchShortcodes(shortcodes, query, 8).map((match) => match.emoji);
  const found = searchEmoji({ entries, groups: [], shortcodes }, query).map((entry) => entry.emoji);
  expect(named[0]).toBe(emoji);
  expect(found.slice(0, named.length)).toEqual(named);
});

test.each([
  ["ru", "еда", "🏅"],
  ["ru", "ура", "🐜"],
  ["en", "cat", "🎓"],
])("in the shipped names (%s), %s inside of another word finds nothing such as %s", (locale, query, emoji) => {
  const shortcodes = read(`${locale}/shortcodes.json`) as Shortcodes;
  const entries = read(`${locale}/data.json`) as EmojiEntry[];
  const found = searchEmoji({ entries, groups: [], shortcodes }, query).map((entry) => entry.emoji);
  expect(found).not.toContain(emoji);
});
