import { expect, test } from "vitest";
import { isAnimated } from "./is-animated.ts";

const blob = (...parts: (string | number[])[]) =>
  new Blob(parts.map((part) => (typeof part === "string" ? part : new Uint8Array(part))));
const zeros = (count: number) => Array.from({ length: count }, () => 0);
const repeat = ["!", [0xff, 0x0b], "NETSCAPE2.0", [3, 1, 0, 0, 0]] as const;

test.each([
  [
    "a GIF that repeats",
    blob("GIF89a", zeros(7), ...repeat.map((part) => (typeof part === "string" ? part : [...part]))),
    true,
  ],
  ["the same after the largest palette", blob("GIF89a", zeros(7 + 768), "!", [0xff, 0x0b], "NETSCAPE2.0"), true],
  ["a GIF of one picture", blob("GIF89a", zeros(2_000)), false],
  ["an animated WebP", blob("RIFF", zeros(4), "WEBPVP8X", zeros(4), [0x12], zeros(9)), true],
  ["a WebP with transparency", blob("RIFF", zeros(4), "WEBPVP8X", zeros(4), [0x10], zeros(9)), false],
  ["a simple WebP", blob("RIFF", zeros(4), "WEBPVP8 ", [0xff], zeros(20)), false],
  ["a JPEG", blob([0xff, 0xd8, 0xff, 0xe0], zeros(40)), false],
  ["an empty file", blob(), false],
])("%s", async (_name, file, expected) => {
  expect(await isAnimated(file)).toBe(expected);
});
