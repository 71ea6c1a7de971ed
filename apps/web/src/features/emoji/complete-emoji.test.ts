import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { loadCompletion, searchServerEmojis, typedEmoji } from "./complete-emoji.ts";

const emoji = (id: number, name: string, ...aliases: string[]) => ({ id, name, animated: false, aliases });
const all = [emoji(1, "cat", "кот"), emoji(2, "party_cat", "Кот на празднике"), emoji(3, "dog"), emoji(4, "cat")];

beforeEach(() => {
  const shortcodes = [
    ["🐱", "cat_face"],
    ["🐶", "dog"],
  ];
  vi.stubGlobal("fetch", async () => Response.json(shortcodes));
});
afterEach(() => vi.unstubAllGlobals());

test("emoji of servers are found by names and aliases in either language, whole words first", () => {
  const found = (query: string) => searchServerEmojis(all, query).map(({ id }) => id);
  expect(found("cat")).toEqual([1, 4, 2]);
  expect(found("КОТ")).toEqual([1, 2]);
  expect(found("праз")).toEqual([2]);
  expect(found("at")).toEqual([]);
});

test("a field shows an emoji by its name, or by its mark where the name means another one", () => {
  expect(typedEmoji(all[0]!, all)).toBe(":cat:");
  expect(typedEmoji(all[3]!, all)).toBe("<:cat:4>");
});

test("emoji of servers come before those of Unicode, of which some are always shown", async () => {
  const completion = await loadCompletion("en");
  const many = Array.from({ length: 20 }, (_, at) => emoji(at + 10, `cat${at}`));
  const names = completion.search([...all, ...many], "cat", 8).map(({ name }) => name);
  expect(names).toHaveLength(8);
  expect(names.slice(0, 2)).toEqual(["cat", "cat"]);
  expect(names.at(-1)).toBe("cat_face");
  expect(completion.named(all, "dog")).toBeUndefined();
  expect(completion.named([], "dog")).toBe("🐶");
});
