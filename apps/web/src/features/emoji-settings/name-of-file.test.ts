import { expect, test } from "vitest";
import { nameOfEmojiFile } from "./name-of-file.ts";

test.each([
  ["party_parrot.gif", "party_parrot", []],
  ["Party Parrot (1).webp", "Party_Parrot_1", []],
  ["кот в сапогах.png", "kot_v_sapogakh", ["кот в сапогах"]],
  ["Ёж.jpg", "Ezh", ["ёж"]],
  ["a.png", "emoji_a", []],
  ["猫.png", "emoji", []],
  ["x".repeat(60), "x".repeat(32), []],
])("the file %j is the emoji %j", (file, name, aliases) => {
  expect(nameOfEmojiFile(file, [])).toEqual({ name, aliases });
});

test("a number tells names apart, within their length", () => {
  expect(nameOfEmojiFile("cat.png", ["cat", "cat_2"]).name).toBe("cat_3");
  expect(nameOfEmojiFile("x".repeat(32), ["x".repeat(32)]).name).toBe(`${"x".repeat(30)}_2`);
});
