import { Lexer } from "marked";
import { ChatTokenizer } from "./chat-tokenizer.ts";
import { blocksOf } from "./from-tokens.ts";
import { inlineExtensions } from "./inline-extensions.ts";
import type { Block } from "./nodes.ts";

/** Number of cached results: the virtualised list mounts the same messages again and again while scrolling. */
const cacheSize = 500;
const cache = new Map<string, readonly Block[]>();

/** Parses a message. Never throws, and its work is bounded for any text of `limits.messageLength`. */
export function parseMessage(content: string): readonly Block[] {
  const known = cache.get(content);
  if (known) return known;
  const blocks = parse(content);
  if (cache.size >= cacheSize) cache.delete(cache.keys().next().value!);
  cache.set(content, blocks);
  return blocks;
}

function parse(content: string): readonly Block[] {
  try {
    const lexer = new Lexer({ gfm: true, breaks: true, tokenizer: new ChatTokenizer(), extensions: inlineExtensions });
    return blocksOf(lexer.lex(content));
  } catch {
    // A message that marked fails to parse is shown as plain text.
    return [{ type: "paragraph", children: [{ type: "text", text: content }] }];
  }
}
