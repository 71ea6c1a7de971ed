import { cover, inlineText } from "./inline-text.ts";
import type { Block } from "./nodes.ts";
import { parseMessage } from "./parse-message.ts";

/** A message in one line without marks, for previews, notifications and screen readers. Spoilers stay covered. */
export function plainText(content: string): string {
  return plainTextOf(parseMessage(content));
}

/** `plainText` of a message that has been parsed already. */
export function plainTextOf(blocks: readonly Block[]): string {
  return blocks.map(blockText).join(" ").replace(/\s+/g, " ").trim();
}

const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });
/** A longer character is a tower of marks, and may be cut. */
const longestCharacter = 64;

/** The beginning of `plainText`: at most `length` UTF-16 units, and never cut inside a character. */
export function previewOf(content: string, length: number): string {
  const text = plainText(content);
  if (text.length <= length) return text;
  const start = Math.max(0, length - longestCharacter);
  const end =
    start + (characters.segment(text.slice(start, length + longestCharacter)).containing(length - start)?.index ?? 0);
  const cut = text.slice(0, end > start || start === 0 ? end : length).trimEnd();
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

function blockText(block: Block): string {
  switch (block.type) {
    case "paragraph":
      return inlineText(block.children);
    case "code":
      return block.text;
    case "spoiler":
      return cover;
    case "quote":
    case "heading":
      return block.children.map(blockText).join(" ");
    default:
      return block.items.flat().map(blockText).join(" ");
  }
}
