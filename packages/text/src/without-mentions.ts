import type { Block, Inline } from "./nodes.ts";
import { joinText } from "./resolve-emphasis.ts";
import { roleMark } from "./role-mentions.ts";

/** What a spoiler covers addresses nobody: its names are text. */
export function withoutMentions(inlines: readonly Inline[]): Inline[] {
  return joinText(
    inlines.map((inline): Inline => {
      if (inline.type === "mention") return { type: "text", text: `@${inline.name}` };
      if (inline.type === "role") return { type: "text", text: roleMark(inline.id) };
      return "children" in inline ? { ...inline, children: withoutMentions(inline.children) } : inline;
    }),
  );
}

export function blocksWithoutMentions(blocks: readonly Block[]): Block[] {
  return blocks.map((block): Block => {
    if (block.type === "paragraph") return { ...block, children: withoutMentions(block.children) };
    if (block.type === "list") return { ...block, items: block.items.map(blocksWithoutMentions) };
    return block.type === "code" ? block : { ...block, children: blocksWithoutMentions(block.children) };
  });
}
