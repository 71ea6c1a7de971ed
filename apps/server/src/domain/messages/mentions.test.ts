import { describe, expect, test } from "vitest";
import { parseMentions } from "./mentions.ts";

describe("mentions in a text", () => {
  test.each([
    ["@ada hello", ["ada"]],
    ["hello @Ada, @GRACE.", ["ada", "grace"]],
    ["(@ada) @ada @ADA", ["ada"]],
    ["@анна-мария", ["анна-мария"]],
    ["@ＡＤＡ", ["ada"]],
    ["mail@example.org a@b @@x", []],
    ["`@ada` and ```\n@grace\n``` but @alan", ["alan"]],
    ["@", []],
  ])("%j names %j", (text, names) => {
    expect(parseMentions(text)).toEqual({ mentionNames: names, mentionsEveryone: false });
  });

  test("@everyone counts outside code only", () => {
    expect(parseMentions("@everyone and @ada")).toEqual({ mentionNames: ["ada"], mentionsEveryone: true });
    expect(parseMentions("`@everyone`").mentionsEveryone).toBe(false);
  });

  test("a text with 500 names yields the first 50", () => {
    const text = Array.from({ length: 500 }, (_, index) => `@u${index}`).join(" ");
    expect(parseMentions(text).mentionNames).toHaveLength(50);
  });

  test("hostile text mentions nobody and takes no exponential time", () => {
    for (const text of ["`".repeat(5_000), "```".repeat(1_600), "@a.".repeat(1_600), "@".repeat(5_000)]) {
      expect(parseMentions(text).mentionsEveryone).toBe(false);
    }
  });
});
