import { Backticks, runLength } from "./backticks.ts";
import { charBefore, isWord } from "./characters.ts";
import { delimiterRuns } from "./delimiter-runs.ts";
import { emojiAt } from "./emoji-mark.ts";
import { addressEnd, angleLink, bareLink, emailAround, isDeceptive, linkTarget, mailLink } from "./links.ts";
import { inlineText } from "./inline-text.ts";
import { mentionAt } from "./mention-at.ts";
import type { Inline } from "./nodes.ts";
import { joinText, resolveEmphasis } from "./resolve-emphasis.ts";
import { roleAt, roleMark } from "./role-mentions.ts";
import { codeEnd } from "./scan-blocks.ts";
import type { SpoilerSpan } from "./spoilers.ts";
import { timeAt } from "./time-mark.ts";
import { textToken, type Token } from "./tokens.ts";
import { withoutMentions } from "./without-mentions.ts";

const special = /[\\`|*_~[\]<@\n]|https?:\/\/|www\./gi;
const escapable = /[\\`*_~|@[\]<]/;
/** Marks only after these. Elsewhere a backslash before them is an arm `\(^_^)/` or an expression `\d+\.\d+`. */
const escapableAfter: ReadonlyMap<string, RegExp> = new Map([
  ...[">", "-", "+", "#"].map((mark) => [mark, /(?:^|\n)[ \t>]*$/] as const),
  [".", /(?:^|\n)[ \t>]*\d{1,9}$|www$/i],
  [":", /https?$/i],
  ["(", /\]$/],
  ["!", /(?:^|\s)$/],
]);
/** The backslash is an arm. */
const shrug = "¯\\_(ツ)_/¯";

interface Bracket {
  /** Index of its token. */
  readonly token: number;
  readonly position: number;
  readonly spoilers: number;
}

/** Cuts a paragraph into tokens in one pass. Code, links, spoilers and escapes are whole when it is done. */
export class InlineLexer {
  readonly #text: string;
  readonly #spoilers: ReadonlyMap<number, SpoilerSpan>;
  readonly #parse: (text: string) => Inline[];
  readonly #backticks: Backticks;
  readonly #tokens: Token[] = [];
  #brackets: Bracket[] = [];
  #spoilerCount = 0;
  /** Length of the last run of `_`, 0 if it could only close. */
  #openUnderscores = 0;
  /** From here on the text is plain and not yet a token. */
  #plainFrom = 0;

  constructor(text: string, spoilers: ReadonlyMap<number, SpoilerSpan>, parse: (text: string) => Inline[]) {
    this.#text = text;
    this.#spoilers = spoilers;
    this.#parse = parse;
    this.#backticks = new Backticks(text);
  }

  tokens(): readonly Token[] {
    let position = 0;
    while (position < this.#text.length) {
      special.lastIndex = position;
      const at = special.exec(this.#text)?.index;
      if (at === undefined) break;
      position = this.#read(at);
    }
    this.#flush(this.#text.length);
    return this.#tokens;
  }

  /** Reads what begins with a special character; answers where to go on. */
  #read(at: number): number {
    switch (this.#text.charAt(at)) {
      case "\\":
        return this.#escape(at);
      case "`":
        return this.#code(at);
      case "|":
        return this.#spoiler(at);
      case "[":
        return this.#openBracket(at);
      case "]":
        return this.#closeBracket(at);
      case "<":
        return this.#angle(at);
      case "@":
        return this.#at(at);
      case "\n":
        return this.#push(at, at + 1, { type: "break" });
      case "*":
      case "_":
      case "~":
        return this.#runs(at);
      default:
        return this.#address(at);
    }
  }

  #escape(at: number): number {
    if (this.#text.startsWith(shrug, at - 1)) return at - 1 + shrug.length;
    const char = this.#text.charAt(at + 1);
    const mark = escapableAfter.get(char);
    const escapes = escapable.test(char) || mark?.test(this.#text.slice(Math.max(0, at - 32), at));
    return escapes ? this.#push(at, at + 2, { type: "text", text: char }) : at + 1;
  }

  #code(at: number): number {
    const length = runLength(this.#text, at);
    const close = codeEnd(this.#text, this.#backticks, at, length);
    if (!close) return at + length;
    const inside = this.#text.slice(at + length, close.start);
    if (inside.trim() === "") return close.end;
    const isPadded = inside.startsWith(" ") && inside.endsWith(" ");
    return this.#push(at, close.end, { type: "code", text: isPadded ? inside.slice(1, -1) : inside });
  }

  #spoiler(at: number): number {
    const span = this.#spoilers.get(at);
    if (!span) return at + (this.#spoilers.has(at + 2) ? 2 : runLength(this.#text, at));
    const inside = this.#text.slice(span.innerStart, span.innerEnd);
    if (inside.trim() === "") return span.end;
    this.#spoilerCount++;
    return this.#push(at, span.end, { type: "spoiler", children: withoutMentions(this.#parse(inside)) });
  }

  #openBracket(at: number): number {
    this.#flush(at);
    this.#brackets.push({ token: this.#tokens.length, position: at, spoilers: this.#spoilerCount });
    this.#tokens.push(textToken("["));
    this.#plainFrom = at + 1;
    return at + 1;
  }

  #closeBracket(at: number): number {
    const open = this.#brackets.pop();
    // A spoiler in a link's words would be pressed together with the link.
    const target = open && open.spoilers === this.#spoilerCount ? linkTarget(this.#text, at) : null;
    if (!open || !target) return at + 1;
    this.#flush(at);
    if (this.#text.slice(open.position + 1, at).trim() === "") return at + 1;
    const words = withoutLinks(resolveEmphasis(this.#tokens.splice(open.token).slice(1)));
    const deceives = isDeceptive(inlineText(words), target.href);
    const children = deceives ? [{ type: "text", text: target.href } as const] : words;
    this.#brackets = [];
    return this.#push(at, target.end, { type: "link", href: target.href, children });
  }

  #angle(at: number): number {
    const role = roleAt(this.#text, at);
    if (role) return this.#push(at, role.end, { type: "role", id: role.id });
    const emoji = emojiAt(this.#text, at);
    if (emoji) return this.#push(at, emoji.end, emoji.node);
    const time = timeAt(this.#text, at);
    if (time) return this.#push(at, time.end, { type: "time", atMs: time.atMs, style: time.style });
    const found = angleLink(this.#text, at);
    return found ? this.#push(at, found.end, found.link) : at + 1;
  }

  #at(at: number): number {
    const email = emailAround(this.#text, at, this.#plainFrom);
    const mail = email && mailLink(this.#text.slice(email.start, email.end));
    if (email && mail) return this.#push(email.start, email.end, mail);
    const mention = mentionAt(this.#text, at, this.#followsRun(at), this.#openUnderscores);
    if (!mention) return at + 1;
    if (!mention.isAddressed) return mention.end;
    return this.#push(at, mention.end, { type: "mention", name: mention.name });
  }

  /** Underscores inside a word are part of it, so that the word can be an e-mail address. */
  #runs(at: number): number {
    const { tokens, end } = delimiterRuns(this.#text, at);
    if (tokens.every((token) => token.kind === "node" || (!token.canOpen && !token.canClose))) return end;
    this.#flush(at);
    this.#tokens.push(...tokens);
    for (const token of tokens) {
      if (token.kind === "run" && token.char === "_") this.#openUnderscores = token.canOpen ? token.length : 0;
    }
    this.#plainFrom = end;
    return end;
  }

  /** Whether marks of emphasis that may open stand directly before. */
  #followsRun(at: number): boolean {
    const last = this.#tokens.at(-1);
    return this.#plainFrom === at && last?.kind === "run" && last.canOpen;
  }

  #address(at: number): number {
    const before = this.#followsRun(at) ? "" : charBefore(this.#text, at);
    const isWww = /^w/i.test(this.#text.charAt(at));
    if (isWww ? isWord(before) || /[_@./:-]/.test(before) : /[A-Za-z0-9_@]/.test(before)) return at + 1;
    const end = addressEnd(this.#text, at);
    if (end === null) return at + 1;
    const link = bareLink(this.#text.slice(at, end));
    return link ? this.#push(at, end, link) : end;
  }

  #flush(end: number): void {
    if (end > this.#plainFrom) this.#tokens.push(textToken(this.#text.slice(this.#plainFrom, end)));
    this.#plainFrom = Math.max(end, this.#plainFrom);
  }

  #push(start: number, end: number, node: Inline): number {
    this.#flush(start);
    this.#tokens.push({ kind: "node", node });
    this.#plainFrom = end;
    return end;
  }
}

/** Neither links nor mentions inside a link. */
function withoutLinks(inlines: readonly Inline[]): Inline[] {
  return joinText(
    inlines.flatMap((inline): Inline[] => {
      if (inline.type === "mention") return [{ type: "text", text: `@${inline.name}` }];
      if (inline.type === "role") return [{ type: "text", text: roleMark(inline.id) }];
      if (inline.type === "link") return withoutLinks(inline.children);
      return "children" in inline ? [{ ...inline, children: withoutLinks(inline.children) }] : [inline];
    }),
  );
}
