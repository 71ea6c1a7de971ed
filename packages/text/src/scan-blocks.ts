import { Backticks, firstAtLeast, runLength } from "./backticks.ts";
import type { HeadingLevel } from "./nodes.ts";
import type { Bars } from "./spoilers.ts";

/** A stretch of a text that is one block, before its inside is read. */
export type Piece = { readonly start: number; readonly end: number } & (
  | { readonly kind: "text" }
  | { readonly kind: "code"; readonly language: string | null; readonly text: string }
  | { readonly kind: "quote"; readonly inside: Scan }
  | { readonly kind: "heading"; readonly inside: Scan; readonly level: HeadingLevel }
  | { readonly kind: "item"; readonly inside: Scan; readonly ordered: boolean; readonly number: number }
);

export interface Scan {
  readonly text: string;
  readonly pieces: readonly Piece[];
  /** All bars, also those inside quotes and lists, at their positions in `text`, with the index of their piece. */
  readonly bars: readonly (Bars & { readonly piece: number })[];
}

/** Deeper quotes and lists are text, so that the tree stays shallow. */
const maxDepth = 6;

const fenceStart = /( {0,3})(`{3,})/y;
const language = /([\w+#.-]{1,30})[ \t]*\n/y;
const quoteStart = /( {0,3}> )[^\n]*\S/y;
const quoteLine = /( {0,3}>(?: |(?=\n|$)))[^\n]*/y;
const restQuoteStart = />>> (?=[^\n]*\S)/y;
const headingStart = / {0,3}(#{1,3}|-#) +(?=\S)/y;
const itemStart = /( {0,3}(?:[-*]|(0|[1-9]\d{0,8})\.) (?![-*_ \t]*(?:\n|$)) *)/y;
const indentedLine = /( {2,})\S[^\n]*/y;
const blankLines = /(?:[ \t]*\n)+/y;
const special = /[\\`|\n]/g;

/** Divides a text into blocks in one pass. `atLineStart`: whether a block may begin with its first character. */
export function scanBlocks(text: string, atLineStart: boolean): Scan {
  return new BlockScanner(text, 0, false).scan(atLineStart);
}

/** The bars of a text that is read without blocks. */
export function barsOf(text: string): readonly Bars[] {
  return new BlockScanner(text, maxDepth, false).scanLines();
}

class BlockScanner {
  readonly #text: string;
  readonly #depth: number;
  readonly #backticks: Backticks;
  readonly #pieces: Piece[] = [];
  readonly #bars: (Bars & { piece: number })[] = [];
  #textStart = 0;
  #isInSpoiler: boolean;

  constructor(text: string, depth: number, isInSpoiler: boolean) {
    this.#text = text;
    this.#depth = depth;
    this.#isInSpoiler = isInSpoiler;
    this.#backticks = new Backticks(text);
  }

  scan(atLineStart: boolean): Scan {
    let position = 0;
    let mayStartBlock = atLineStart;
    while (position < this.#text.length) {
      const end = mayStartBlock ? this.#block(position) : null;
      position = end ?? this.#line(position);
      mayStartBlock = this.#text[position - 1] === "\n";
    }
    this.#endText(this.#text.length);
    return { text: this.#text, pieces: this.#pieces, bars: this.#bars };
  }

  scanLines(): readonly Bars[] {
    for (let position = 0; position < this.#text.length;) position = this.#line(position);
    return this.#bars;
  }

  /** The end of the block that begins here, or null for text. */
  #block(start: number): number | null {
    return (
      this.#fence(start) ??
      (this.#depth < maxDepth ? (this.#quote(start) ?? this.#heading(start) ?? this.#item(start)) : null)
    );
  }

  #fence(start: number): number | null {
    const match = matchAt(fenceStart, this.#text, start);
    if (!match) return null;
    const length = match[2]!.length;
    const inside = start + match[0].length;
    const close = this.#backticks.nextAtLeast(length, inside);
    // Code that nobody closed would swallow the bars that close the spoiler.
    if (!close && this.#isInSpoiler && this.#text.includes("||", inside)) return null;
    const end = close ? close.start + close.length : this.#text.length;
    return this.#code(start, inside, close?.start ?? end, end);
  }

  /** Null when nothing stands between the fences: then they are shown as typed. */
  #code(start: number, inside: number, insideEnd: number, end: number): number | null {
    const named = matchAt(language, this.#text, inside);
    const isNamed = named !== null && inside + named[0].length < insideEnd;
    const text = this.#text
      .slice(isNamed ? inside + named[0].length : inside, insideEnd)
      .replace(/^(?:[ \t]*\n)+/, "")
      .trimEnd();
    if (text === "") return null;
    this.#push({ kind: "code", start, end, language: isNamed ? named[1]!.toLowerCase() : null, text });
    return end;
  }

  #quote(start: number): number | null {
    const rest = matchAt(restQuoteStart, this.#text, start);
    if (rest) return this.#container(start, [{ start, from: start + rest[0].length, end: this.#text.length }], quoted);
    if (!matchAt(quoteStart, this.#text, start)) return null;
    const lines: Line[] = [];
    for (let position = start; position < this.#text.length; position = lines.at(-1)!.end + 1) {
      const match = matchAt(quoteLine, this.#text, position);
      if (!match) break;
      lines.push({ start: position, from: position + match[1]!.length, end: position + match[0].length });
    }
    return this.#container(start, lines, quoted);
  }

  #heading(start: number): number | null {
    const match = matchAt(headingStart, this.#text, start);
    if (!match) return null;
    const from = start + match[0].length;
    const line = { start, from, end: this.#lineEndAfterCode(from) };
    const mark = match[1]!;
    const level = mark === "-#" ? 0 : (mark.length as HeadingLevel);
    return this.#container(start, [line], { kind: "heading", level });
  }

  #item(start: number): number | null {
    const match = matchAt(itemStart, this.#text, start);
    if (!match) return null;
    const width = match[1]!.length;
    const lines: Line[] = [{ start, from: start + width, end: this.#lineEndAfterCode(start + width) }];
    while (lines.at(-1)!.end < this.#text.length) {
      const position = lines.at(-1)!.end + 1;
      const content = position + (matchAt(blankLines, this.#text, position)?.[0].length ?? 0);
      const indented = matchAt(indentedLine, this.#text, content);
      if (!indented) break;
      if (content > position) lines.push({ start: position, from: content - 1, end: content - 1 });
      const from = content + Math.min(width, indented[1]!.length);
      lines.push({ start: content, from, end: content + indented[0].length });
    }
    const ordered = match[2] !== undefined;
    return this.#container(start, lines, { kind: "item", ordered, number: ordered ? Number(match[2]) : 1 });
  }

  /** The end of the line on which the code ends that begins on the given line. */
  #lineEndAfterCode(start: number): number {
    let end = lineEnd(this.#text, start);
    for (let position = start; position < end;) {
      special.lastIndex = position;
      const at = special.exec(this.#text)?.index ?? end;
      if (this.#text[at] === "`") {
        const length = runLength(this.#text, at);
        const close = codeEnd(this.#text, this.#backticks, at, length);
        position = close?.end ?? at + length;
        end = Math.max(end, lineEnd(this.#text, position));
      } else position = at + (this.#text[at] === "\\" ? 2 : 1);
    }
    return end;
  }

  #container(start: number, lines: readonly Line[], container: Container): number {
    const text = lines.map((line) => this.#text.slice(line.from, line.end)).join("\n");
    // A heading holds no other blocks.
    const inside = new BlockScanner(text, this.#depth + 1, this.#isInSpoiler).scan(container.kind !== "heading");
    const end = Math.min(lines.at(-1)!.end + 1, this.#text.length);
    this.#push({ ...container, start, end, inside });
    const piece = this.#pieces.length - 1;
    const toOuter = mapLines(lines);
    for (const bar of inside.bars) this.#addBars(toOuter(bar.start), bar.length, piece);
    return end;
  }

  /** Reads text up to the next line, or up to the end of code that reaches over lines. */
  #line(start: number): number {
    let position = start;
    for (;;) {
      special.lastIndex = position;
      const at = special.exec(this.#text)?.index ?? this.#text.length;
      const char = this.#text[at];
      if (char === undefined) return at;
      if (char === "\n") return at + 1;
      if (char === "\\") {
        position = at + 2;
        // A backslash at the end of a line escapes nothing.
        if (this.#text[at + 1] === "\n") return at + 2;
      } else if (char === "|") {
        const length = runLength(this.#text, at);
        if (length >= 2) this.#addBars(at, length, this.#pieces.length);
        position = at + length;
      } else {
        const length = runLength(this.#text, at);
        const close = codeEnd(this.#text, this.#backticks, at, length);
        if (close && length >= 3 && this.#text.slice(at, close.start).includes("\n")) {
          const end = this.#code(at, at + length, close.start, close.end);
          if (end !== null) return end;
        }
        position = close?.end ?? at + length;
      }
    }
  }

  /** As in `pairBars`: four bars or more close one spoiler and open the next. */
  #addBars(start: number, length: number, piece: number): void {
    this.#bars.push({ start, length, piece });
    this.#isInSpoiler = !this.#isInSpoiler || length >= 4;
  }

  #endText(end: number): void {
    if (end > this.#textStart) this.#pieces.push({ kind: "text", start: this.#textStart, end });
  }

  #push(piece: Piece): void {
    this.#endText(piece.start);
    this.#pieces.push(piece);
    this.#textStart = piece.end;
  }
}

/** Where the code ends that a run of backticks opens: one or two close on their line, three or more anywhere. */
export function codeEnd(
  text: string,
  backticks: Backticks,
  start: number,
  length: number,
): { start: number; end: number } | null {
  if (length >= 3) {
    const close = backticks.nextAtLeast(length, start + length);
    return close ? { start: close.start, end: close.start + close.length } : null;
  }
  const close = backticks.nextExact(length, start + length);
  if (close === undefined || close > lineEnd(text, start)) return null;
  return { start: close, end: close + length };
}

type Container =
  | { readonly kind: "quote" }
  | { readonly kind: "heading"; readonly level: HeadingLevel }
  | { readonly kind: "item"; readonly ordered: boolean; readonly number: number };

const quoted = { kind: "quote" } as const;

interface Line {
  /** In the outer text. */
  readonly start: number;
  /** After the mark. */
  readonly from: number;
  readonly end: number;
}

/** Turns positions of the joined insides of lines into positions of the outer text. */
function mapLines(lines: readonly Line[]): (position: number) => number {
  const starts: number[] = [];
  let length = 0;
  for (const line of lines) {
    starts.push(length);
    length += line.end - line.from + 1;
  }
  return (position) => {
    const index = firstAtLeast(starts, position + 1) - 1;
    return lines[index]!.from + position - starts[index]!;
  };
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

function matchAt(pattern: RegExp, text: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(text);
}
