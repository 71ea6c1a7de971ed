import { InlineLexer } from "./inline-lexer.ts";
import type { Inline } from "./nodes.ts";
import { resolveEmphasis } from "./resolve-emphasis.ts";
import { barsOf } from "./scan-blocks.ts";
import { pairBars } from "./spoilers.ts";

/** Reads a text without blocks. Spoilers are found before any other mark but code and escapes. */
export function parseInline(text: string): Inline[] {
  const spoilers = new Map(pairBars(barsOf(text)).map((span) => [span.start, span]));
  return resolveEmphasis(new InlineLexer(text, spoilers, parseInline).tokens());
}
