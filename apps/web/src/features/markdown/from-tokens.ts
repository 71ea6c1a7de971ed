import type { MarkedToken, Token, Tokens } from "marked";
import type { Block, Inline } from "./nodes.ts";
import { safeHref } from "./safe-href.ts";

type Extension =
  | { type: "spoiler"; raw: string; tokens: Token[] }
  | { type: "mention"; raw: string; name: string; tokens?: undefined };
type Known = MarkedToken | Extension;

const maxInlineDepth = 12;

export function blocksOf(tokens: readonly Token[]): Block[] {
  const blocks: Block[] = [];
  let follows = false;
  for (const token of tokens as readonly Known[]) {
    const block = blockOf(token);
    const last = blocks.at(-1);
    // marked ends a paragraph at a possible heading or rule; here such lines continue the paragraph.
    if (follows && block?.type === "paragraph" && last?.type === "paragraph") {
      blocks[blocks.length - 1] = {
        type: "paragraph",
        children: [...last.children, { type: "break" }, ...block.children],
      };
    } else if (block) blocks.push(block);
    follows = block !== null && !token.raw.endsWith("\n\n");
  }
  return blocks;
}

function blockOf(token: Known): Block | null {
  switch (token.type) {
    case "code":
      return { type: "code", language: languageOf(token.lang), text: token.text };
    case "blockquote":
      return { type: "quote", children: blocksOf(token.tokens) };
    case "list":
      return listOf(token);
    case "space":
      return null;
    default:
      return { type: "paragraph", children: inlinesOf(childrenOf(token), token.raw) };
  }
}

function listOf(token: Tokens.List): Block {
  const items = token.items.map((item) => blocksOf(item.tokens));
  return { type: "list", ordered: token.ordered, start: token.start === "" ? 1 : token.start, items };
}

function languageOf(info: string | undefined): string | null {
  return /^[\w+#.-]{1,30}/.exec(info ?? "")?.[0]?.toLowerCase() ?? null;
}

function childrenOf(token: Known): readonly Token[] {
  return ("tokens" in token && token.tokens) || [];
}

/** Inline nodes of the tokens; without tokens, the text as typed. */
function inlinesOf(tokens: readonly Token[], raw: string, depth = 0): Inline[] {
  if (tokens.length === 0 || depth > maxInlineDepth) return [{ type: "text", text: raw }];
  const inlines: Inline[] = [];
  for (const token of tokens as readonly Known[]) {
    const inline = inlineOf(token, depth, inlines.at(-1));
    const last = inlines.at(-1);
    if (inline.type === "text" && last?.type === "text") {
      inlines[inlines.length - 1] = { type: "text", text: last.text + inline.text };
    } else inlines.push(inline);
  }
  return inlines;
}

const wordEnd = /[\p{L}\p{N}_@.-]$/u;

function inlineOf(token: Known, depth: number, before: Inline | undefined): Inline {
  const children = () => inlinesOf(childrenOf(token), token.raw, depth + 1);
  switch (token.type) {
    case "strong":
      return { type: "strong", children: children() };
    case "em":
      return { type: "emphasis", children: children() };
    case "del":
      return { type: "strike", children: children() };
    case "spoiler":
      return { type: "spoiler", children: children() };
    case "codespan":
      return { type: "code", text: token.text };
    case "br":
      return { type: "break" };
    case "escape":
      return { type: "text", text: token.text };
    case "mention":
      if (before?.type === "text" && wordEnd.test(before.text)) return { type: "text", text: token.raw };
      return { type: "mention", name: token.name };
    case "link":
    case "image":
      return linkOf(token, children);
    default:
      return { type: "text", text: token.raw };
  }
}

/** If a link's text is the address of another site, its real address is shown instead. */
function linkOf(token: Tokens.Link | Tokens.Image, children: () => Inline[]): Inline {
  const href = safeHref(token.href);
  if (href === null) return { type: "text", text: token.raw };
  const claimed = /^(?:https?:\/\/|www\.)\S+$/i.test(token.text.trim()) ? token.text.trim() : null;
  if (claimed === null || token.type === "image") return { type: "link", href, children: withoutLinks(children()) };
  const honest = originOf(claimed) === originOf(href);
  return { type: "link", href, children: [{ type: "text", text: honest ? claimed : href }] };
}

function originOf(address: string): string | undefined {
  return URL.parse(/^www\./i.test(address) ? `http://${address}` : address)?.host;
}

/** Removes links and mentions inside a link. */
function withoutLinks(inlines: readonly Inline[]): Inline[] {
  return inlines.flatMap((inline): Inline[] => {
    if (inline.type === "mention") return [{ type: "text", text: `@${inline.name}` }];
    if (inline.type === "link") return withoutLinks(inline.children);
    if (inline.type === "spoiler") return withoutLinks(inline.children);
    return "children" in inline ? [{ ...inline, children: withoutLinks(inline.children) }] : [inline];
  });
}
