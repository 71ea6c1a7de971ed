import type { Block, Inline } from "../nodes.ts";

/** A tree in one line: inlines as `<kind>…</>`, blocks other than paragraphs as `[kind …]`, line breaks as ⏎. */
export function sketch(blocks: readonly Block[]): string {
  return blocks.map(sketchBlock).join("");
}

function sketchBlock(block: Block): string {
  switch (block.type) {
    case "paragraph":
      return block.children.map(sketchInline).join("");
    case "code":
      return `[code ${block.language === null ? "" : `${block.language}: `}${block.text}]`;
    case "list":
      return `[list ${block.ordered ? `${sketchNumbers(block.numbers)} ` : ""}${block.items.map((item) => `[${sketch(item)}]`).join("")}]`;
    default:
      return `[${block.type} ${sketch(block.children)}]`;
  }
}

/** Numbers that follow one another as the first of them. */
function sketchNumbers(numbers: readonly number[]): string {
  return numbers.every((number, index) => number === numbers[0]! + index) ? `${numbers[0]}` : numbers.join(",");
}

function sketchInline(inline: Inline): string {
  switch (inline.type) {
    case "text":
      return inline.text;
    case "break":
      return "⏎";
    case "code":
      return `<code>${inline.text}</>`;
    case "role":
      return `<role>${inline.id}</>`;
    case "mention":
      return `<mention>${inline.name}</>`;
    case "emoji":
      return `<emoji>${inline.name} ${inline.id}</>`;
    case "time":
      return `<time>${inline.atMs} ${inline.style}</>`;
    case "link":
      return `<link ${inline.href}>${inline.children.map(sketchInline).join("")}</>`;
    default:
      return `<${inline.type}>${inline.children.map(sketchInline).join("")}</>`;
  }
}
