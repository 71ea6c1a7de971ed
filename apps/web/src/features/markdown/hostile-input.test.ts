import { limits } from "@miscord/protocol";
import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { ChatTokenizer } from "./chat-tokenizer.ts";
import type { Block, Inline } from "./nodes.ts";
import { parseMessage } from "./parse-message.ts";

const markers = [
  "*",
  "**",
  "_",
  "__",
  "~~",
  "`",
  "```",
  "||",
  "[",
  "](",
  ")",
  "![",
  "> ",
  ">",
  "- ",
  "1. ",
  "\n",
  "\n\n",
  "<",
  "@a",
  "http://a.b",
  "www.",
  "\\",
  "&",
  " ",
  "a",
  "😀",
];
const hostile = fc.array(fc.constantFrom(...markers), { maxLength: 400 }).map((parts) => {
  const unit = parts.join("");
  return unit.repeat(unit ? Math.ceil(limits.messageLength / unit.length) : 0).slice(0, limits.messageLength);
});
const small = fc.array(fc.constantFrom(...markers), { maxLength: 60 }).map((parts) => parts.join(""));

function depthOf(node: Block | Inline): number {
  const children = "children" in node ? node.children : "items" in node ? node.items.flat() : [];
  return 1 + Math.max(0, ...children.map(depthOf));
}

function hrefsOf(node: Block | Inline): string[] {
  const children = "children" in node ? node.children : "items" in node ? node.items.flat() : [];
  return [...("href" in node ? [node.href] : []), ...children.flatMap(hrefsOf)];
}

test("any text is parsed into a shallow tree that links to web and mail addresses only", () => {
  fc.assert(
    fc.property(small, (content) => {
      const blocks = parseMessage(content);
      for (const block of blocks) {
        expect(depthOf(block)).toBeLessThan(40);
        for (const href of hrefsOf(block)) expect(href).toMatch(/^(?:https?:\/\/|mailto:)/);
      }
    }),
    { numRuns: 300 },
  );
});

/** marked's work on emphasis grows with the square of the text, so the budget limits how often it starts. */
test("emphasis is no longer parsed after a bounded number of characters", () => {
  const attempts = vi.spyOn(Object.getPrototypeOf(ChatTokenizer.prototype) as ChatTokenizer, "emStrong");
  fc.assert(
    fc.property(hostile, (content) => {
      attempts.mockClear();
      parseMessage(content);
      const tried = attempts.mock.calls.map(([source]) => source).filter((source) => /^[*_]/.test(source));
      expect(tried.reduce((sum, source) => sum + source.length, 0)).toBeLessThanOrEqual(100_000);
    }),
    { numRuns: 25 },
  );
  attempts.mockRestore();
});

test.each([">", "> ", "- ", "1. ", "> - ", "||", "**_", "[", "![", "`a``"])(
  "a message that repeats %j gives a shallow tree",
  (unit) => {
    const content = unit.repeat(limits.messageLength / unit.length);
    expect(Math.max(0, ...parseMessage(content).map(depthOf))).toBeLessThan(40);
  },
);
