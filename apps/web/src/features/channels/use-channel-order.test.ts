import { expect, test } from "vitest";
import { mergeOrder, moveItem } from "./use-channel-order.ts";

test.each([
  [0, 2, "bca"],
  [2, 0, "cab"],
  [1, 1, "abc"],
])("moving the item at index %i to index %i gives %s", (from, to, expected) => {
  expect(moveItem(["a", "b", "c"], from, to).join("")).toBe(expected);
});

test("channels that are not part of a reordered group keep their positions", () => {
  expect(mergeOrder([1, 9, 2, 3, 8], [3, 1, 2])).toEqual([3, 9, 1, 2, 8]);
});
