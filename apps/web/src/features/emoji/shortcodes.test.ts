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

test("ranks the name itself, beginnings, words, then any part", () => {
  expect(names("cat")).toEqual(["cat", "smile_cat", "education"]);
  expect(names("smile")).toEqual(["smile", "smiley", "smile_cat"]);
  expect(names("smile", 1)).toEqual(["smile"]);
});

test("finds names in any language and case, and nothing for nonsense", () => {
  expect(names("КОШ")).toEqual(["кошка"]);
  expect(names("zzz")).toEqual([]);
});

test("knows an emoji by a complete name only", () => {
  expect(emojiNamed(all, "Smile")).toBe("😄");
  expect(emojiNamed(all, "smil")).toBeUndefined();
});
