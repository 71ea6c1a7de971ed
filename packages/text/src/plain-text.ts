import type { Block, Inline } from "./nodes.ts";
import { parseMessage } from "./parse-message.ts";

/** Stands for a spoiler of any length. */
const cover = "▒▒▒▒";

/** A message in one line without marks, for previews, notifications and screen readers. Spoilers stay covered. */
export function plainText(content: string): string {
  return parseMessage(content).map(blockText).join(" ").replace(/\s+/g, " ").trim();
}

/** The beginning of `plainText`: at most `length` UTF-16 units, never cut inside a character. */
export function previewOf(content: string, length: number): string {
  const text = plainText(content);
  if (text.length <= length) return text;
  let end = length;
  while (end > 0 && continuesCharacter.test(text.slice(end, end + 2))) end--;
  const cut = text.slice(0, end > length - 32 ? end : length);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

/** Marks, joiners and what follows a joiner are one character with what stands before them. */
const continuesCharacter = /^(?:[\p{M}\u200D\uFE0F\uDC00-\uDFFF]|\p{Emoji_Modifier})/u;

function blockText(block: Block): string {
  switch (block.type) {
    case "paragraph":
      return inlineText(block.children);
    case "code":
      return block.text;
    case "spoiler":
      return cover;
    case "quote":
      return block.children.map(blockText).join(" ");
    default:
      return block.items.flat().map(blockText).join(" ");
  }
}

export function inlineText(inlines: readonly Inline[]): string {
  return inlines
    .map((inline) => {
      if (inline.type === "spoiler") return cover;
      if (inline.type === "mention") return `@${inline.name}`;
      if (inline.type === "break") return "\n";
      return "children" in inline ? inlineText(inline.children) : inline.text;
    })
    .join("");
}
