import { expect, test } from "vitest";
import { type Arrangement, mergeOrder, type Row, sectionsOf } from "./arrangement.ts";
import { dropped, placed, stepped, withCategoryAt } from "./moves.ts";

const types = { 1: "text", 2: "text", 3: "voice", 10: "category", 11: "text", 12: "voice", 20: "category" } as const;
const channels = Object.fromEntries(Object.entries(types).map(([id, type]) => [id, { type }]));
const start: Arrangement = {
  ids: [1, 2, 3, 10, 11, 12, 20],
  categoryOf: { 1: null, 2: null, 3: null, 10: null, 11: 10, 12: 10, 20: null },
};

/** Each section as its ids, after its category. */
function shown(arrangement: Arrangement | null): string {
  const sections = arrangement === null ? [] : sectionsOf(arrangement, channels);
  return sections.map(({ categoryId, ids }) => `${categoryId ?? ""}:${ids.join(",")}`).join(" ");
}

const rows: Row[] = sectionsOf(start, channels).flatMap((section) => [
  ...(section.categoryId === null ? [] : [{ id: section.categoryId, section, isCategory: true }]),
  ...section.ids.map((id) => ({ id, section, isCategory: false })),
]);

test("channels are grouped by category, those without one by type", () => {
  expect(shown(start)).toBe(":1,2 :3 10:11,12 20:");
  expect(rows.map(({ id }) => id)).toEqual([1, 2, 3, 10, 11, 12, 20]);
});

test.each([
  ["within its section", 0, 2, ":2,1 :3 10:11,12 20:"],
  ["to the top of a category", 0, 4, ":2 :3 10:1,11,12 20:"],
  ["between channels of a category", 2, 5, ":1,2 : 10:11,3,12 20:"],
  ["into an empty category", 4, 7, ":1,2 :3 10:12 20:11"],
  ["out of its category, to the top", 4, 0, ":11,1,2 :3 10:12 20:"],
  ["among channels of the other type without a category", 4, 3, ":1,2,11 :3 10:12 20:"],
  ["a voice channel among text channels", 5, 1, ":1,2 :12,3 10:11 20:"],
  ["a category above another one", 6, 3, ":1,2 :3 20: 10:11,12"],
])("a row that is dropped %s goes there", (_, from, gap, expected) => {
  expect(shown(dropped(start, channels, rows, { from, gap }))).toBe(expected);
});

test.each([
  ["down within its section", 1, 1, ":2,1 :3 10:11,12 20:"],
  ["down into the next category", 2, 1, ":1 :3 10:2,11,12 20:"],
  ["down into an empty category", 12, 1, ":1,2 :3 10:11 20:12"],
  ["up out of the first category", 11, -1, ":1,2,11 :3 10:12 20:"],
  ["up out of it, to the voice channels", 12, -1, ":1,2 :3 10:12,11 20:"],
  ["up at the top", 1, -1, ""],
  ["as a category, with its channels,", 20, -1, ":1,2 :3 20: 10:11,12"],
] as const)("a channel moves %s by a step", (_, id, step, expected) => {
  expect(shown(stepped(start, channels, id, step))).toBe(expected);
});

test("channels that are not moved keep their places", () => {
  expect(mergeOrder([1, 9, 2, 3, 8], [3, 1, 2])).toEqual([3, 9, 1, 2, 8]);
  expect(withCategoryAt(start, channels, 20, 0).ids).toEqual([1, 2, 3, 20, 11, 12, 10]);
  const section = sectionsOf(start, channels)[2]!;
  expect(placed(start, 1, { section, after: 12 }).ids).toEqual([2, 3, 10, 11, 12, 1, 20]);
});
