import { mentionPattern } from "@miscord/protocol";
import type { MarkedOptions, Tokens, TokenizerThis } from "marked";

/** Inline syntax of chat beyond Markdown: spoilers and mentions. */
export const inlineExtensions: NonNullable<MarkedOptions["extensions"]> = {
  renderers: {},
  childTokens: {},
  inline: [spoiler, mention],
  startInline: [(source) => source.indexOf("||"), (source) => source.indexOf("@")],
};

function spoiler(this: TokenizerThis, source: string): Tokens.Generic | undefined {
  if (!source.startsWith("||")) return undefined;
  const end = source.indexOf("||", 3);
  if (end < 0) return undefined;
  return { type: "spoiler", raw: source.slice(0, end + 2), tokens: this.lexer.inlineTokens(source.slice(2, end)) };
}

/** The text before the `@` is not known here; the conversion to nodes undoes a mention directly after a word. */
const mentionAtStart = new RegExp(mentionPattern.source, "uy");

function mention(source: string): Tokens.Generic | undefined {
  mentionAtStart.lastIndex = 0;
  const match = mentionAtStart.exec(source);
  return match ? { type: "mention", raw: match[0], name: match[1] } : undefined;
}
