import { describe, expect, test } from "vitest";
import { emojiMark, emojiMarksIn, markEmojis, parseMessage, plainText, previewOf, withEmojiNames } from "./index.ts";
import { sketch } from "./testing/sketch.ts";

const cat = { id: 123_456_789_012_345, name: "cat_", animated: false };
const dance = { id: 7, name: "dance", animated: true };

test("a mark names an emoji of a server, but in code and escapes", () => {
  const text = `**${emojiMark(cat)}** ${emojiMark(dance)}${emojiMark(cat)}`;
  expect(sketch(parseMessage(text))).toBe(
    "<strong><emoji>cat_ 123456789012345</></> <emoji>dance 7</><emoji>cat_ 123456789012345</>",
  );
  expect(plainText(text)).toBe(":cat_: :dance::cat_:");
  expect(previewOf(`||${emojiMark(cat)}|| ${emojiMark(dance)}`, 200)).not.toContain("cat");
  expect(parseMessage("`<:cat:7>`")).toMatchObject([{ children: [{ type: "code", text: "<:cat:7>" }] }]);
});

test.each([
  "<:a:1>",
  "<:cat:>",
  "<:cat:0>",
  "<:кот:7>",
  "<:c t:7>",
  "<b:cat:7>",
  "<:cat:7",
  `<:${"x".repeat(33)}:7>`,
  "<:cat:1234567890123456>",
])("%j is text", (text) => {
  expect(sketch(parseMessage(text))).not.toContain("<emoji>");
});

test("a text for reading has names in place of marks, those of other systems too", () => {
  expect(withEmojiNames("a <:cat:7><a:dance:90071992547409910000> <:b:1> <@&5>")).toBe("a :cat::dance: <:b:1> <@&5>");
  expect(emojiMarksIn("x<:cat:7> <:cat:1234567890123456>")).toEqual([
    { id: 7, name: "cat", start: 1, end: 9 },
    { id: 0, name: "cat", start: 10, end: 33 },
  ]);
});

test("a name in colons becomes the mark of the first emoji that has it, but in code, addresses and words", () => {
  const emojis = [cat, dance, { ...dance, id: 8 }];
  for (const [typed, sent] of [
    [":dance: :cat_::dance:", `${emojiMark(dance)} ${emojiMark(cat)}${emojiMark(dance)}`],
    ["`:dance:` ```\n:dance:\n``` ```:dance:", "`:dance:` ```\n:dance:\n``` ```:dance:"],
    ["https://a.example/:dance: x:dance: :DANCE: :other:", "https://a.example/:dance: x:dance: :DANCE: :other:"],
    [`${emojiMark({ ...dance, id: 8 })} <t:0:R>`, `${emojiMark({ ...dance, id: 8 })} <t:0:R>`],
    ["слово:dance:", "слово:dance:"],
  ] as const) {
    expect(markEmojis(typed, emojis), typed).toBe(sent);
  }
});

describe("20,000 characters of hostile shape", () => {
  const most = 20_000;
  const shapes = [
    "<",
    "<:",
    "<a:",
    "<:aa",
    "<:aa:",
    "<:aa:1",
    "<:aa:1>",
    ":",
    ":aa",
    ":aa:",
    "`",
    "```",
    "<<:aa:1>>",
    "_<:a_:1>_",
  ];

  test.each(shapes)("%j again and again takes time in proportion", (shape) => {
    const text = shape.repeat(most / shape.length);
    const before = process.threadCpuUsage();
    parseMessage(text);
    withEmojiNames(text);
    emojiMarksIn(text);
    markEmojis(text, [cat, dance]);
    const { user, system } = process.threadCpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(500);
  });
});
