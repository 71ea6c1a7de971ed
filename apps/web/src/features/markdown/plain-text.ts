import type { Block, Inline } from "./nodes.ts";
import { parseMessage } from "./parse-message.ts";

/** A message as one line of plain text for previews, notifications and screen readers. Spoilers stay covered. */
export function plainText(content: string): string {
  return parseMessage(content).map(blockText).join(" ").replace(/\s+/g, " ").trim();
}

function blockText(block: Block): string {
  if (block.type === "paragraph") return inlineText(block.children);
  if (block.type === "code") return block.text;
  const blocks = block.type === "quote" ? block.children : block.items.flat();
  return blocks.map(blockText).join(" ");
}

export function inlineText(inlines: readonly Inline[]): string {
  return inlines
    .map((inline) => {
      if (inline.type === "spoiler") return "▒▒▒▒";
      if (inline.type === "mention") return `@${inline.name}`;
      if (inline.type === "break") return "\n";
      return "children" in inline ? inlineText(inline.children) : inline.text;
    })
    .join("");
}
