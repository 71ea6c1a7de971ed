import { expect, test } from "vitest";
import { emojiNamed, searchShortcodes, type Shortcodes } from "./shortcodes.ts";

const all: Shortcodes = [
  ["😃", "smiley"],
  ["😄", "smile", "grinning_face"],
  ["🐱", "cat", "кошка"],
  ["😸", "smile_cat"],
  ["🎓", "education"],
];

const names = (query: string, limit = 8) => searchShortcodes(all, query, limit).map(({ name }) => name);

test("emoji names are ranked: the exact name, its start, the start of a word, a long part", () => {
  expect(names("cat")).toEqual(["cat", "smile_cat"]);
  expect(names("cati")).toEqual(["education"]);
  expect(names("smile")).toEqual(["smile", "smiley", "smile_cat"]);
  expect(names("smile", 1)).toEqual(["smile"]);
});

test("emoji names are found in any language and letter case", () => {
  expect(names("КОШ")).toEqual(["кошка"]);
  expect(names("zzz")).toEqual([]);
});

test("an emoji is looked up by its complete name only", () => {
  expect(emojiNamed(all, "Smile")).toBe("😄");
  expect(emojiNamed(all, "smil")).toBeUndefined();
});

const shipped: Shortcodes = [
  ["🆗", "ok"],
  ["👌", "ok_hand", "ok_hand_sign"],
  ["👎", "-1", "thumbsdown", "thumbs_down"],
  ["👍", "+1", "thumbsup", "thumbs_up"],
  ["❤️‍🔥", "heart_on_fire"],
  ["🥰", "smiling_face_with_three_hearts", "smiling_face_with_hearts"],
  ["❤️", "heart", "red_heart"],
  ["💔", "broken_heart"],
  ["🚒", "fire_engine"],
  ["🔥", "fire", "flame"],
];

test.each([
  ["thumbs", "👍"],
  ["heart", "❤️"],
  ["fire", "🔥"],
  ["ok", "👌"],
  ["ok hand", "👌"],
])("the search for %s begins with the best-known emoji, %s", (query, emoji) => {
  expect(searchShortcodes(shipped, query, 8)[0]?.emoji).toBe(emoji);
});
