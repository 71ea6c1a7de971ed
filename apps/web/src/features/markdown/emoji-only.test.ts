import { expect, test } from "vitest";
import { isEmojiOnly } from "./emoji-only.ts";

test.each([
  ["👍", true],
  ["👩‍👩‍👧 🏳️‍🌈\n❤️", true],
  ["👍 ok", false],
  ["5", false],
  ["", false],
  ["👍".repeat(28), false],
  ["<:cat:7> 👍<a:party_cat:123456789012345>", true],
  ["<:cat:7>".repeat(27), true],
  ["<:cat:7>".repeat(28), false],
  ["<:cat:7", false],
])("%j is only emoji: %s", (content, expected) => expect(isEmojiOnly(content)).toBe(expected));

test("emoji with skin tones are counted as fast as others, also when something else follows", () => {
  expect(isEmojiOnly("👍🏽".repeat(27))).toBe(true);
  expect(isEmojiOnly("👍🏽".repeat(28))).toBe(false);
  const before = process.threadCpuUsage();
  for (let at = 0; at < 10; at += 1) expect(isEmojiOnly(`${"👍🏽".repeat(40)}${at}`)).toBe(false);
  const { user, system } = process.threadCpuUsage(before);
  // One expression for all of them takes nine seconds for each.
  expect((user + system) / 1_000).toBeLessThan(1_000);
});
