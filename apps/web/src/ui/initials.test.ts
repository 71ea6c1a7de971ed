import { expect, test } from "vitest";
import { initials } from "./initials.ts";

test.each([
  ["Anna Orlova", "AO"],
  ["вася", "В"],
  ["jean-luc picard", "JP"],
  ["  ", "?"],
  ["👩‍🚀 crew", "👩‍🚀C"],
  ["a.b.c", "AC"],
])("the initials of %s are %s", (name, expected) => {
  expect(initials(name)).toBe(expected);
});
