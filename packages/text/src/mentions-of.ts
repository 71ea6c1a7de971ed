import { foldName } from "./names.ts";
import type { Block, Inline } from "./nodes.ts";
import { parseMessage } from "./parse-message.ts";

/** Nobody means more people than this by name; a longer list is an attempt to make the server work. */
const maxNames = 50;

export interface Mentions {
  /** Folded by `foldName`, each once, in the order of the text, at most 50. */
  readonly names: readonly string[];
  readonly everyone: boolean;
}

/** Who a text addresses: every mention in its tree. Code, links, spoilers and escapes hold none. */
export function mentionsOf(content: string): Mentions {
  if (!content.includes("@")) return { names: [], everyone: false };
  const names = new Set(namesInBlocks(parseMessage(content)).map(foldName));
  const everyone = names.delete("everyone");
  return { names: [...names].slice(0, maxNames), everyone };
}

function namesInBlocks(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => {
    if (block.type === "paragraph") return namesInInlines(block.children);
    if (block.type === "list") return block.items.flatMap(namesInBlocks);
    return block.type === "code" ? [] : namesInBlocks(block.children);
  });
}

function namesInInlines(inlines: readonly Inline[]): string[] {
  return inlines.flatMap((inline) => {
    if (inline.type === "mention") return [inline.name];
    return "children" in inline ? namesInInlines(inline.children) : [];
  });
}
