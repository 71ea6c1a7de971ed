import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mentionsOf } from "./mentions-of.ts";
import { foldName } from "./names.ts";
import type { Block, Inline } from "./nodes.ts";
import { parseMessage } from "./parse-message.ts";
import { plainText, previewOf } from "./plain-text.ts";
import { sketch } from "./testing/sketch.ts";

const marks = ["*", "**", "_", "__", "~~", "`", "``", "```", "||", "|", "[", "](https://a.example)", "](", ")", "!["];
const blocks = ["> ", ">", ">>> ", "- ", "* ", "1. ", "  ", "\n", "\n\n", "\n> ", "\n- ", "\n```\n", "```js\n"];
const words = ["@bob", "@everyone", "@анна", "\\", "<", "https://a.example/@bob", "www.a.example", "a@b.example"];
const plain = ["a", "слово", "日本", "。", "«", "»", " ", ".", "(", "😀", "é", "हि", "_", "-"];
const text = fc
  .array(fc.constantFrom(...marks, ...blocks, ...words, ...plain), { maxLength: 60 })
  .map((parts) => parts.join(""));

type Node = Block | Inline;

function childrenOf(node: Node): readonly Node[] {
  if ("children" in node) return node.children;
  return "items" in node ? node.items.flat() : [];
}

function nodesIn(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node) => [node, ...nodesIn(childrenOf(node))]);
}

/** The kinds of all nodes inside the given ones. */
function kindsIn(nodes: readonly Node[]): string[] {
  return nodes.flatMap((node) => nodesIn(childrenOf(node)).map(({ type }) => type));
}

function depthOf(nodes: readonly Node[]): number {
  return nodes.length === 0 ? 0 : 1 + Math.max(...nodes.map((node) => depthOf(childrenOf(node))));
}

/** What is legible without pressing a spoiler. */
function openText(nodes: readonly Node[]): string {
  return nodes
    .filter((node) => node.type !== "spoiler")
    .map((node) => ("text" in node ? node.text : openText(childrenOf(node))))
    .join(" ");
}

test("any text becomes a shallow tree of safe links, and its mentions are those that the server resolves", () => {
  fc.assert(
    fc.property(text, (content) => {
      const tree = parseMessage(content);
      const nodes = nodesIn(tree);
      expect(depthOf(tree)).toBeLessThan(40);
      const drawn = nodes.flatMap((node) => (node.type === "mention" ? [foldName(node.name)] : []));
      const { names, everyone } = mentionsOf(content);
      expect(new Set([...names, ...(everyone ? ["everyone"] : [])])).toEqual(new Set(drawn));
      const links = nodes.filter((node) => node.type === "link");
      for (const { href } of links) expect(href).toMatch(/^(?:https?:\/\/|mailto:)/);
      expect(kindsIn(links)).not.toContain("link");
      expect(kindsIn([...links, ...nodes.filter((node) => node.type === "spoiler")])).not.toContain("mention");
    }),
    { numRuns: 1_000 },
  );
});

describe("what stands between bars is covered", () => {
  const harmless = [...marks, ...blocks, ...words, ...plain].filter((part) => !/[`|\\]/.test(part));
  const around = fc.array(fc.constantFrom(...harmless), { maxLength: 12 }).map((parts) => parts.join(""));
  const code = fc.constantFrom("`x`", "```\nx\n```", "\n```js\ny\n```\n", "`a || b`", "");

  test("whatever blocks and marks surround and fill it", () => {
    fc.assert(
      fc.property(around, around, code, around, around, (before, first, inside, last, after) => {
        const content = `${before}||${first}тайна${inside}@secret${last}||${after}`;
        expect(plainText(content)).not.toMatch(/тайна|secret/);
        expect(openText(parseMessage(content))).not.toMatch(/тайна|secret/);
        expect(mentionsOf(content).names.join()).not.toContain("secret");
        expect(previewOf(content, 200)).not.toMatch(/тайна|secret/);
      }),
      { numRuns: 2_000 },
    );
  });

  test("also when several spoilers follow one another", () => {
    const parts = fc.array(fc.tuple(around, around), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(parts, (spoilers) => {
        const content = spoilers.map(([open, hidden]) => `${open}x||${hidden}тайна||`).join("");
        expect(openText(parseMessage(content))).not.toContain("тайна");
      }),
      { numRuns: 500 },
    );
  });
});

test("a text without marks stays as typed", () => {
  const word = fc.constantFrom(
    "слово",
    "word",
    "日本語",
    "हिन्दी",
    "שלום",
    "5,",
    "+",
    "-",
    "#",
    "«так»",
    "a/b",
    "😀",
    "~5",
    "&",
  );
  const typed = fc.array(fc.tuple(word, fc.constantFrom(" ", "\n", "\n\n", "\n\n\n")), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(typed, (parts) => {
      // A dash at the beginning of a line may begin a list, and a number sign a heading.
      const content = parts
        .map((part) => part.join(""))
        .join("")
        .replaceAll(/^- /gm, "— ")
        .replaceAll(/^# /gm, "№ ")
        .trim();
      expect(sketch(parseMessage(content))).toBe(content.replaceAll("\n", "⏎"));
    }),
    { numRuns: 500 },
  );
});

test("a preview is the beginning of the plain text and ends with a whole character", () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 60 }), (content, length) => {
      const preview = previewOf(content, length);
      expect(preview.length).toBeLessThanOrEqual(length);
      expect(plainText(content).startsWith(preview)).toBe(true);
      expect(preview.isWellFormed()).toBe(true);
    }),
    { numRuns: 500 },
  );
  expect(previewOf("👩‍👩‍👧 ok", 4)).toBe("");
  expect(previewOf("aह़िb", 3)).toBe("a");
});

describe("four times the text takes no more than linear time:", () => {
  const units = [
    ">",
    "> ",
    "- ",
    "-  - ",
    "1. ",
    "> - ",
    "||",
    "|",
    "**_",
    "**a ",
    "*a_b ",
    "_*",
    "[",
    "![",
    "](",
    "[a](https://b",
    "`a``",
    "`",
    "```",
    "``` ",
    "` `` ",
    "@a",
    "@a.",
    "@",
    "a@",
    "a.",
    "http://",
    "www.",
    "https://a.b(",
    "<https://",
    "||\n> ",
    "||a\n- b",
    "\\",
    "\\`",
    " ",
    "\n",
    "- a\n\n\n",
    "~~a",
    "*a**b",
    "**a*",
    "```a\n",
    "````",
    "\u0301",
    "-\t",
    "- ```a\n",
    "- `a`",
    "_@a_",
    "1\\.",
  ];

  function millisecondsFor(content: string): number {
    const times = Array.from({ length: 3 }, () => {
      const from = process.threadCpuUsage();
      mentionsOf(`${content}@`);
      plainText(content);
      return process.threadCpuUsage(from).user / 1_000;
    });
    return Math.min(...times);
  }

  test.each(units)("%j over and over", (unit) => {
    const few = unit.repeat(5_000 / unit.length);
    const one = millisecondsFor(few);
    expect(millisecondsFor(few.repeat(4))).toBeLessThan(Math.max(one, 10) * 12);
    expect(depthOf(parseMessage(few))).toBeLessThan(40);
  });
});
