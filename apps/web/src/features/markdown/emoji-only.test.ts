import { expect, test } from "vitest";
import { isEmojiOnly } from "./emoji-only.ts";

test.each([
  ["👍", true],
  ["👩‍👩‍👧 🏳️‍🌈\n❤️", true],
  ["👍 ok", false],
  ["5", false],
  ["", false],
  ["👍".repeat(28), false],
])("%j is only emoji: %s", (content, expected) => expect(isEmojiOnly(content)).toBe(expected));
