import { describe, expect, test } from "vitest";
import { mentionsOf } from "./mentions-of.ts";
import { parseMessage } from "./parse-message.ts";
import { plainText } from "./plain-text.ts";

const paragraph = (text: string) => ({ type: "paragraph", children: [{ type: "text", text }] });
const heading = (level: number, text: string) => ({ type: "heading", level, children: [paragraph(text)] });

describe("headings and small print", () => {
  test("are one line each, in every level, between other text", () => {
    expect(parseMessage("# one\n## two\n### three\n-# small\ntext")).toEqual([
      heading(1, "one"),
      heading(2, "two"),
      heading(3, "three"),
      heading(0, "small"),
      paragraph("text"),
    ]);
  });

  test.each(["#general", "#", "# ", "#### four", "a # b", "\\# one", "-#small", "#1 of 2"])("%j is text", (text) => {
    expect(parseMessage(text)).toEqual([paragraph(text.replace("\\", "").trimEnd())]);
  });

  test("hold marks and mentions, and no other blocks", () => {
    expect(parseMessage("# > **not** a quote")).toMatchObject([
      { type: "heading", children: [{ type: "paragraph", children: [{ text: "> " }, { type: "strong" }, {}] }] },
    ]);
    expect(mentionsOf("## hello @ann").names).toEqual(["ann"]);
    expect(plainText("# Title\n-# and `small`\nrest")).toBe("Title and small rest");
  });

  test("do not uncover a spoiler that reaches over them", () => {
    expect(parseMessage("||# one\n# two||")).toEqual([
      { type: "spoiler", children: [paragraph("# one"), heading(1, "two")] },
    ]);
    expect(plainText("# a ||b\nc||")).not.toMatch(/[bc]/);
  });
});

describe("moments", () => {
  test("are marks of a second, with a style or without", () => {
    expect(parseMessage("<t:1767268800> <t:0:R>")).toEqual([
      {
        type: "paragraph",
        children: [
          { type: "time", atMs: 1_767_268_800_000, style: "f" },
          { type: "text", text: " " },
          { type: "time", atMs: 0, style: "R" },
        ],
      },
    ]);
    expect(plainText("at <t:1767268800:F>")).toBe("at 2026-01-01 12:00 UTC");
  });

  test.each(["<t:>", "<t:x>", "<t:1:>", "<t:1:Q>", "<t:123456789012>", "<t:1.5>", "\\<t:1>"])("%j is text", (text) => {
    expect(parseMessage(text)).toEqual([paragraph(text.replace("\\", ""))]);
  });
});
