import { Tokenizer, type Tokens } from "marked";

/** Deeper quotes and lists are shown as typed: marked recurses, and a long row of `>` would exhaust the stack. */
const maxDepth = 6;
/**
 * Budget of characters that attempts at emphasis, links and code may read. Each attempt may read the rest of its
 * paragraph, so that 5,000 hostile characters would take half a second; ordinary messages stay far below.
 */
const maxReads = 100_000;

/** Markdown for chat: no HTML, headings, tables, rules, references or indented code. Used for one text only. */
export class ChatTokenizer extends Tokenizer {
  #depth = 0;
  #reads = 0;

  override html(): undefined {}
  override tag(): undefined {}
  override heading(): undefined {}
  override lheading(): undefined {}
  override hr(): undefined {}
  override table(): undefined {}
  override code(): undefined {}
  override def(): undefined {}
  override reflink(): undefined {}

  override list(source: string): Tokens.List | undefined {
    return this.#nested(() => super.list(source));
  }

  /** Every line of a quote starts with `>`; the next line without it ends the quote. */
  override blockquote(source: string): Tokens.Blockquote | undefined {
    const raw = /^(?: {0,3}>[^\n]*(?:\n|$))+/.exec(source)?.[0];
    if (!raw) return undefined;
    const text = raw.replace(/^ {0,3}> ?/gm, "");
    return this.#nested(() => ({ type: "blockquote", raw, text, tokens: this.lexer.blockTokens(text, []) }));
  }

  override emStrong(source: string, masked: string, before?: string): Tokens.Em | Tokens.Strong | undefined {
    return this.#mayTry(source, "*_") ? super.emStrong(source, masked, before) : undefined;
  }

  override link(source: string): Tokens.Link | Tokens.Image | undefined {
    return this.#mayTry(source, "![") ? super.link(source) : undefined;
  }

  override codespan(source: string): Tokens.Codespan | undefined {
    return this.#mayTry(source, "`") ? super.codespan(source) : undefined;
  }

  /** GFM also reads single tildes as strikethrough, but people write ~5 for "about 5". */
  override del(source: string, masked: string, before?: string): Tokens.Del | undefined {
    return source.startsWith("~~") && this.#mayTry(source, "~") ? super.del(source, masked, before) : undefined;
  }

  #nested<T>(tokenize: () => T): T | undefined {
    if (this.#depth >= maxDepth) return undefined;
    this.#depth++;
    try {
      return tokenize();
    } finally {
      this.#depth--;
    }
  }

  #mayTry(source: string, openers: string): boolean {
    if (openers.includes(source[0] ?? " ")) this.#reads += source.length;
    return this.#reads <= maxReads;
  }
}
