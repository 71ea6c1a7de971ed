import { expect, test } from "vitest";
import { isEmojiOnly } from "./emoji-only.ts";
import type { Inline } from "./nodes.ts";
import { parseMessage } from "./parse-message.ts";
import { plainText } from "./plain-text.ts";

/** Children of the only paragraph. */
function inlines(content: string): readonly Inline[] {
  const [block, ...rest] = parseMessage(content);
  expect(rest).toEqual([]);
  expect(block?.type).toBe("paragraph");
  return block?.type === "paragraph" ? block.children : [];
}

const text = (value: string) => ({ type: "text", text: value });

test("emphasis, strikethrough, code and spoilers are parsed, also when nested", () => {
  expect(inlines("**bold _both_** ~~gone~~ `a*b` ||**boo**||")).toEqual([
    { type: "strong", children: [text("bold "), { type: "emphasis", children: [text("both")] }] },
    text(" "),
    { type: "strike", children: [text("gone")] },
    text(" "),
    { type: "code", text: "a*b" },
    text(" "),
    { type: "spoiler", children: [{ type: "strong", children: [text("boo")] }] },
  ]);
});

test.each([
  "# no heading",
  "<b>bold</b> <script>alert(1)</script>",
  "| a | b |",
  "~5 or ~6",
  "&lt;",
  "[x]: note",
  "snake_case_name",
])("%j is shown as typed", (content) => expect(inlines(content)).toEqual([text(content)]));

test("lines that Markdown reads as headings, rules or indented code stay plain text", () => {
  expect(inlines("a\n# b\n---\n    c")).toEqual([
    text("a"),
    { type: "break" },
    text("# b"),
    { type: "break" },
    text("---"),
    { type: "break" },
    text("c"),
  ]);
});

test("a fenced code block has its language", () => {
  expect(parseMessage("```TypeScript\nconst a = `b`;\n```")).toEqual([
    { type: "code", language: "typescript", text: "const a = `b`;" },
  ]);
});

test("a line without > ends a quote", () => {
  expect(parseMessage("> one\n> two\nanswer")).toEqual([
    { type: "quote", children: [{ type: "paragraph", children: [text("one"), { type: "break" }, text("two")] }] },
    { type: "paragraph", children: [text("answer")] },
  ]);
});

test("an ordered list starts at its first number", () => {
  const [list] = parseMessage("3. a\n4. b");
  expect(list).toMatchObject({ type: "list", ordered: true, start: 3 });
  expect(list?.type === "list" && list.items).toHaveLength(2);
});

test.each([
  ["https://example.com/a_b_c", "https://example.com/a_b_c"],
  ["www.example.com", "http://www.example.com/"],
  ["a@example.com", "mailto:a@example.com"],
  ["<https://example.com>", "https://example.com/"],
])("%s becomes a link", (content, href) => {
  expect(inlines(content)).toEqual([expect.objectContaining({ type: "link", href })]);
});

test.each([
  "[x](javascript:alert(1))",
  "[x](/settings)",
  "[x](data:text/html,x)",
  "![x](javascript:1)",
  "[x](vbscript:x)",
])("%s never becomes a link", (content) => expect(inlines(content)).toEqual([text(content)]));

test("a link whose text is another address shows its real address", () => {
  const [link] = inlines("[https://bank.example](https://evil.example/x)");
  expect(link).toEqual({ type: "link", href: "https://evil.example/x", children: [text("https://evil.example/x")] });
});

test("mentions are found in the same places as on the server", () => {
  expect(inlines("hi @anna_k, @вася. mail@bob @everyone!")).toEqual([
    text("hi "),
    { type: "mention", name: "anna_k" },
    text(", "),
    { type: "mention", name: "вася" },
    text(". mail@bob "),
    { type: "mention", name: "everyone" },
    text("!"),
  ]);
  expect(inlines("`@anna`")).toEqual([{ type: "code", text: "@anna" }]);
});

test("plain text covers spoilers and joins lines", () => {
  expect(plainText("**who** did it?\n||the butler||\n```\ncode\n```")).toBe("who did it? ▒▒▒▒ code");
});

test.each([
  ["👍", true],
  ["👩‍👩‍👧 🏳️‍🌈\n❤️", true],
  ["👍 ok", false],
  ["5", false],
  ["", false],
  ["👍".repeat(28), false],
])("whether %j consists of emoji only: %s", (content, expected) => expect(isEmojiOnly(content)).toBe(expected));
