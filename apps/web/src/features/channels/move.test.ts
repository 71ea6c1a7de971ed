import { expect, test } from "vitest";
import { mergeOrder, moveItem } from "./move.ts";

test.each([
  [0, 2, "bca"],
  [2, 0, "cab"],
  [1, 1, "abc"],
])("moves %i to %i", (from, to, expected) => {
  expect(moveItem(["a", "b", "c"], from, to).join("")).toBe(expected);
});

test("leaves hidden channels where they are", () => {
  expect(mergeOrder([1, 9, 2, 3, 8], [3, 1, 2])).toEqual([3, 9, 1, 2, 8]);
});
