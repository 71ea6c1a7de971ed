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
