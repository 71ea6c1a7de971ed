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

/** Made when the first text is cut: it loads tables of Unicode. */
let characters: Intl.Segmenter | undefined;
/** A longer character is a tower of marks, and may be cut. */
const longestCharacter = 64;

/** So much of a text is read for its preview: pages have a hundred of them, each of a long text maybe. */
const readForPreview = 1_500;

/**
 * The beginning of `plainText`: at most `length` UTF-16 units, and never cut inside a character. Of a long text a spoiler is the end
 * of what is shown, since only the rest says where that ends.
 */
export function previewOf(content: string, length: number): string {
  const text = content.length > readForPreview ? plainBeginning(content.slice(0, readForPreview)) : plainText(content);
  if (text.length <= length) return text;
  characters ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  const start = Math.max(0, length - longestCharacter);
  const end =
    start + (characters.segment(text.slice(start, length + longestCharacter)).containing(length - start)?.index ?? 0);
  const cut = text.slice(0, end > start || start === 0 ? end : length).trimEnd();
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

/** Of the beginning of a text. */
function plainBeginning(beginning: string): string {
  const bars = beginning.indexOf("||");
  if (bars >= 0) return `${plainText(beginning.slice(0, bars))} ${cover}`.trimStart();
  return plainText(beginning.isWellFormed() ? beginning : beginning.slice(0, -1));
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
