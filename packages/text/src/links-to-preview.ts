import type { Block, Inline } from "./nodes.ts";
import { parseMessage } from "./parse-message.ts";

/** Of an address as it is called, with what is not ASCII escaped: clients take no longer one. */
const maxLength = 2_048;
/** The author asks for no preview: `<https://…>`, also as a target `[words](<https://…>)`. */
const silenced = /<(https?:\/\/[^\s<>]{1,2048})>/gi;

/**
 * Addresses of pages that a text links to, http and https, each once, in the order of the text and without their fragment: at
 * most `limit`. None of those in code, spoilers and angle brackets.
 */
export function linksToPreview(content: string, limit: number): string[] {
  if (!/:\/\/|www\./i.test(content)) return [];
  const excluded = new Set([...content.matchAll(silenced)].map(([, address]) => pageOf(address!)));
  const pages = new Set(inBlocks(parseMessage(content)).map(pageOf));
  return [...pages].filter((page) => page !== null && !excluded.has(page)).slice(0, limit) as string[];
}

function pageOf(address: string): string | null {
  const url = URL.parse(address);
  if (url?.protocol !== "http:" && url?.protocol !== "https:") return null;
  url.hash = "";
  return url.href.length > maxLength ? null : url.href;
}

function inBlocks(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => {
    if (block.type === "paragraph") return inInlines(block.children);
    if (block.type === "list") return block.items.flatMap(inBlocks);
    return block.type === "quote" || block.type === "heading" ? inBlocks(block.children) : [];
  });
}

function inInlines(inlines: readonly Inline[]): string[] {
  return inlines.flatMap((inline) => {
    if (inline.type === "link") return [inline.href];
    return "children" in inline && inline.type !== "spoiler" ? inInlines(inline.children) : [];
  });
}
