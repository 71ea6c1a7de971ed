import { describe, expect, test } from "vitest";
import { parseMentions } from "./mentions.ts";

describe("a text addresses", () => {
  test.each([
    ["@ada hello", ["ada"]],
    ["hello @Ada, @GRACE.", ["ada", "grace"]],
    ["(@ada) @ada @ADA", ["ada"]],
    ["@анна-мария", ["анна-мария"]],
    ["@ＡＤＡ", ["ada"]],
    ["mail@example.org a@b @@x", []],
    ["`@ada` and ```\n@grace\n``` but @alan", ["alan"]],
    ["@", []],
  ])("%j", (text, names) => {
    expect(parseMentions(text)).toEqual({ mentionNames: names, mentionsEveryone: false });
  });

  test("everyone by the name for it", () => {
    expect(parseMentions("@everyone and @ada")).toEqual({ mentionNames: ["ada"], mentionsEveryone: true });
    expect(parseMentions("`@everyone`").mentionsEveryone).toBe(false);
  });

  test("no more people than anybody means", () => {
    const text = Array.from({ length: 500 }, (_, index) => `@u${index}`).join(" ");
    expect(parseMentions(text).mentionNames).toHaveLength(50);
  });

  test("in time that does not explode with hostile text", () => {
    for (const text of ["`".repeat(5_000), "```".repeat(1_600), "@a.".repeat(1_600), "@".repeat(5_000)]) {
      expect(parseMentions(text).mentionsEveryone).toBe(false);
    }
  });
});
