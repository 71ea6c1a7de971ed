import { foldName } from "./names.ts";
import type { Block, Inline } from "./nodes.ts";
import { parseMessage } from "./parse-message.ts";

/** Nobody means more people than this by name; a longer list is an attempt to make the server work. */
const maxNames = 50;

export interface Mentions {
  /** Folded by `foldName`, each once, in the order of the text, at most 50. */
  readonly names: readonly string[];
  readonly everyone: boolean;
  /** Ids, each once, at most 50; absent without any. */
  readonly roles?: readonly number[];
  /** Those who are online; absent otherwise. */
  readonly here?: true;
}

/** Who a text addresses: every mention in its tree. Code, links, spoilers and escapes hold none. */
export function mentionsOf(content: string): Mentions {
  const found = foundIn(content);
  const names = new Set(found.filter((one) => typeof one === "string").map(foldName));
  const roles = [...new Set(found.filter((one) => typeof one === "number"))].slice(0, maxNames);
  const everyone = names.delete("everyone");
  const here = names.delete("here");
  return {
    names: [...names].slice(0, maxNames),
    everyone,
    ...(roles.length > 0 && { roles }),
    ...(here && { here }),
  };
}

/** How often a text names a role. */
export function countRoleMarks(content: string): number {
  return foundIn(content).filter((one) => typeof one === "number").length;
}

function foundIn(content: string): Found[] {
  return content.includes("@") ? inBlocks(parseMessage(content)) : [];
}

/** Names of people, and ids of roles. */
type Found = string | number;

function inBlocks(blocks: readonly Block[]): Found[] {
  return blocks.flatMap((block) => {
    if (block.type === "paragraph") return inInlines(block.children);
    if (block.type === "list") return block.items.flatMap(inBlocks);
    return block.type === "code" ? [] : inBlocks(block.children);
  });
}

function inInlines(inlines: readonly Inline[]): Found[] {
  return inlines.flatMap((inline): Found[] => {
    if (inline.type === "mention") return [inline.name];
    if (inline.type === "role") return [inline.id];
    return "children" in inline ? inInlines(inline.children) : [];
  });
}
