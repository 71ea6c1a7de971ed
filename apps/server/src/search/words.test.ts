import { limits } from "@miscord/protocol";
import { expect, test } from "vitest";
import { stemsOf, wordsAndParts } from "./words.ts";

const marks = (count: number) => "\u0315".repeat(count / 2) + "\u0316".repeat(count / 2);

// Each is a message that anybody may send. They took seconds, and everybody waited.
test.each([
  ["capitals after small letters", "aB".repeat(2_500)],
  ["marks out of order", `a${marks(4_998)}`],
  ["both", `${"aB".repeat(1_000)}a${marks(2_900)}`],
])("the words of a message are found in no long time with %s", (_, text) => {
  expect(text.length).toBeLessThanOrEqual(limits.messageLength);
  const startedAt = performance.now();
  stemsOf(text);
  expect(performance.now() - startedAt).toBeLessThan(500);
});

test("a nickname is found by its parts", () => {
  expect(wordsAndParts("DarkKnight").map(({ text }) => text)).toEqual(["darkknight", "knight"]);
});
