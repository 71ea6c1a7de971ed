import { expect, test } from "vitest";
import { reactionNames } from "./reaction-bar.tsx";

const names = (userIds: number[], count = userIds.length) =>
  reactionNames(userIds, { count, meId: 1, you: "You", nameOf: (id) => (id < 50 ? `N${id}` : undefined) });

test("the names behind a reaction start with the current user, and users of unknown name are counted", () => {
  expect(names([2, 1, 99])).toEqual({ names: ["You", "N2"], others: 1 });
});

test("the names behind a reaction are limited to eight, the rest are counted", () => {
  const many = names(Array.from({ length: 30 }, (_, index) => index + 2));
  expect(many.names).toHaveLength(8);
  expect(many.others).toBe(22);
});
