import { expect, test } from "vitest";
import { reactionNames } from "./reaction-names.ts";

const names = (userIds: number[], count = userIds.length) =>
  reactionNames(userIds, { count, meId: 1, you: "You", nameOf: (id) => (id < 50 ? `N${id}` : undefined) });

test("puts oneself first and counts those whose name is not known", () => {
  expect(names([2, 1, 99])).toEqual({ names: ["You", "N2"], others: 1 });
});

test("names a few of many", () => {
  const many = names(Array.from({ length: 30 }, (_, index) => index + 2));
  expect(many.names).toHaveLength(8);
  expect(many.others).toBe(22);
});
