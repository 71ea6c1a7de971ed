import type { FoldedText } from "./letters.ts";
import { isCyrillic, isDigit, isLatin } from "./letters.ts";
import type { Reading } from "./readings.ts";
import {
  hasSpace,
  pieceRunsOf,
  plainReading,
  readingsOf,
  tokensOf,
  tokensWithSigns,
  type PieceRun,
  type Token,
} from "./tokens.ts";
import { Effort, read, type PhraseNode, type Span, type WordList } from "./words.ts";

/** A text with what all rules of words need of it. */
export interface PreparedText {
  readonly text: FoldedText;
  readonly tokens: readonly Token[];
  readonly withSigns: readonly Token[];
  readonly runs: readonly PieceRun[];
}

export function prepare(text: FoldedText): PreparedText {
  const tokens = tokensOf(text);
  return { text, tokens, withSigns: tokensWithSigns(text, tokens), runs: pieceRunsOf(text, tokens) };
}

/** The first word of the list in the text, however it is written, that is no word of `allowed`; null: none. */
export function matchWords(prepared: PreparedText, list: WordList, allowed: WordList): Span | null {
  const effort = new Effort();
  const { text, tokens, withSigns, runs } = prepared;
  for (const token of tokens) {
    const span = inToken(text, token, list, allowed, effort);
    if (span) return span;
  }
  for (const token of withSigns) {
    const span = asRead(text, token, list, allowance(text.codes, token, allowed), effort);
    if (span) return span;
  }
  for (const run of runs) {
    const span = inPieces(prepared, run, list, allowed);
    if (span) return span;
  }
  return list.phrases.next.size > 0 ? inPhrases(prepared, list, effort) : null;
}

function inToken(text: FoldedText, token: Token, list: WordList, allowed: WordList, effort: Effort): Span | null {
  const { codes } = text;
  const isAllowed = allowance(codes, token, allowed);
  if (list.isWord(codes, token, plainReading, effort) && !isAllowed(token)) return token;
  let found: Span | null = null;
  list.findPart(codes, token, plainReading, (span) => {
    if (isAllowed(span)) return false;
    found = span;
    return true;
  });
  if (found) return found;
  for (const part of wordsInside(text, token)) {
    if (list.isWord(codes, part, plainReading, effort) && !isAllowed(part)) return part;
  }
  return asRead(text, token, list, isAllowed, effort);
}

/** The token in its other readings. */
function asRead(
  { codes }: FoldedText,
  token: Token,
  list: WordList,
  isAllowed: Allowance,
  effort: Effort,
): Span | null {
  let found: Span | null = null;
  for (const reading of readingsOf(token.letters)) {
    if (list.isWord(codes, token, reading, effort) && !isAllowed(token)) return token;
    list.findPart(codes, token, reading, (span) => {
      // Short parts are in too much of what is read anew.
      if (span.end - span.start < shortestReadPart || isAllowed(span)) return false;
      found = span;
      return true;
    });
    if (found) return found;
  }
  return null;
}

const shortestReadPart = 4;
/** Of the Latin beginning of a word with a Russian ending, "VPNом". */
const stemLetters = 3;
const endingLetters = 4;

/** Words inside a run of letters and digits: without digits at its ends, from capitals on, without a Russian ending. */
function wordsInside({ codes, humps }: FoldedText, { start, end, letters }: Token): Span[] {
  const inside: Span[] = [];
  if (letters.digits > 0) {
    let [from, to] = [start, end];
    while (from < to && isDigit(codes[from]!)) from += 1;
    while (to > from && isDigit(codes[to - 1]!)) to -= 1;
    if (to - from < end - start && to - from >= stemLetters) inside.push({ start: from, end: to });
  }
  if (letters.latin >= stemLetters && letters.cyrillic > 0 && letters.cyrillic <= endingLetters) {
    let to = start;
    while (to < end && isLatin(codes[to]!)) to += 1;
    let last = to;
    while (last < end && isCyrillic(codes[last]!)) last += 1;
    if (to - start >= stemLetters && last === end) inside.push({ start, end: to });
  }
  if (letters.latin > 0 && letters.cyrillic > 0) inside.push(...runsOfOneScript(codes, start, end));
  let from = start;
  for (let at = start + 1; at <= end; at += 1) {
    if (at < end && humps[at] === 0) continue;
    if (at === end && from === start) break;
    if (at - from >= stemLetters) inside.push({ start: from, end: at });
    from = at;
  }
  return inside;
}

/** Long runs of Cyrillic letters inside a word of both alphabets. */
function runsOfOneScript(codes: Uint16Array, start: number, end: number): Span[] {
  const runs: Span[] = [];
  for (let from = start; from < end;) {
    let to = from;
    while (to < end && isCyrillic(codes[to]!)) to += 1;
    if (to - from > endingLetters) runs.push({ start: from, end: to });
    from = to + 1;
  }
  return runs;
}

type Allowance = (span: Span) => boolean;

/** Whether the allowed words have the whole token, or a part of it that holds the span. They are looked for once, when asked. */
function allowance(codes: Uint16Array, token: Span, allowed: WordList): Allowance {
  let isWhole = false;
  let ends: Uint32Array | undefined;
  return (span) => {
    if (!ends) {
      isWhole = allowed.isWord(codes, token, plainReading, new Effort());
      ends = endsOfParts(codes, token, allowed);
    }
    return isWhole || ends[span.start - token.start]! >= span.end;
  };
}

/** For each place in the token the furthest end of the list's parts that begin there or before; 0: none. */
function endsOfParts(codes: Uint16Array, token: Span, list: WordList): Uint32Array {
  const ends = new Uint32Array(token.end - token.start);
  // Parts come in the order of their ends.
  list.findPart(codes, token, plainReading, ({ start, end }) => {
    ends[start - token.start] = end;
    return false;
  });
  for (let at = 1; at < ends.length; at += 1) ends[at] = Math.max(ends[at]!, ends[at - 1]!);
  return ends;
}

/** Shortest words in pieces: each piece a letter, no space between them, else. */
const shortestOf = { letters: 3, joined: 4, pieces: 5 };
const piecesAtMost = 40;

function inPieces(prepared: PreparedText, run: PieceRun, list: WordList, allowed: WordList): Span | null {
  const others = readingsOf(run.letters);
  for (const reading of [plainReading, ...others]) {
    const part = list.parts.isEmpty ? null : partInPieces(prepared, run, list, reading);
    if (part) return part;
    for (let first = run.from; first < run.to - 1; first += 1) {
      const last = pieceWord(prepared, first, run.to, list, reading);
      if (last === null) continue;
      const span = { start: prepared.tokens[first]!.start, end: prepared.tokens[last]!.end };
      if (!isAllowedJoined(prepared, first, last, allowed)) return span;
    }
  }
  return null;
}

/** Pieces of parts are no longer than this, or letters where there is a space between them. */
const shortPiece = 4;

/** A part of the list in short pieces one after another. */
function partInPieces({ text, tokens }: PreparedText, run: PieceRun, list: WordList, reading: Reading): Span | null {
  const codes = new Uint16Array(tokens[run.to - 1]!.end - tokens[run.from]!.start);
  const sources: number[] = [];
  for (let index = run.from; index <= run.to; index += 1) {
    const token = tokens[index];
    const isSpaced = index > run.from && index < run.to && hasSpace(text, tokens[index - 1]!.end, token!.start);
    const isPiece = index < run.to && token!.end - token!.start <= (isSpaced ? 1 : shortPiece);
    if (!isPiece && sources.length > 0) {
      const found = longPart(codes, sources, list, reading);
      if (found) return found;
      sources.length = 0;
    }
    if (index === run.to || token!.end - token!.start > shortPiece) continue;
    for (let at = token!.start; at < token!.end; at += 1) {
      codes[sources.length] = text.codes[at]!;
      sources.push(at);
    }
  }
  return null;
}

function longPart(codes: Uint16Array, sources: readonly number[], list: WordList, reading: Reading): Span | null {
  let found: Span | null = null;
  list.findPart(codes, { start: 0, end: sources.length }, reading, ({ start, end }) => {
    if (end - start < shortestReadPart) return false;
    found = { start: sources[start]!, end: sources[end - 1]! + 1 };
    return true;
  });
  return found;
}

/** The index of the last token of a word that begins with the token `first`; null: none. */
function pieceWord(
  { text, tokens }: PreparedText,
  first: number,
  to: number,
  list: WordList,
  reading: Reading,
): number | null {
  let node = 0;
  let letters = 0;
  let areLetters = true;
  let isSpaced = false;
  for (let index = first; index < Math.min(to, first + piecesAtMost); index += 1) {
    const { start, end } = tokens[index]!;
    for (let at = start; at < end; at += 1) {
      node = list.whole.child(node, reading[text.codes[at]!]!);
      if (node < 0) return null;
    }
    letters += end - start;
    areLetters &&= end - start === 1;
    if (index > first) isSpaced ||= hasSpace(text, tokens[index - 1]!.end, start);
    const pieces = index - first + 1;
    if (pieces < 2 || !list.endsAt(node)) continue;
    if (areLetters ? pieces >= shortestOf.letters : isLongEnough(pieces, letters, isSpaced)) return index;
  }
  return null;
}

function isLongEnough(pieces: number, letters: number, isSpaced: boolean): boolean {
  return isSpaced ? pieces > 2 && letters >= shortestOf.pieces : letters >= shortestOf.joined;
}

function isAllowedJoined({ text, tokens }: PreparedText, first: number, last: number, allowed: WordList): boolean {
  if (allowed.longest === 0) return false;
  const effort = new Effort();
  return tokens.slice(first, last + 1).some((token) => allowed.isWord(text.codes, token, plainReading, effort));
}

/** All phrases at once: they are compared word by word as long as one may still go on. */
function inPhrases({ text, tokens }: PreparedText, list: WordList, effort: Effort): Span | null {
  const words = tokens.map((token) => wordsOf(text, token));
  const keys: (readonly string[] | undefined)[] = [];
  const keysAt = (index: number) =>
    (keys[index] ??= [...new Set(words[index]!.map((word) => list.keyOf(word, effort)))]);
  for (const [first, { start }] of tokens.entries()) {
    if (!words[first]!.some((word) => list.mayBegin(word))) continue;
    let nodes: readonly PhraseNode[] = [list.phrases];
    for (let at = first; at < tokens.length && nodes.length > 0; at += 1) {
      const next: PhraseNode[] = [];
      for (const key of keysAt(at)) {
        effort.phraseSteps -= nodes.length;
        if (effort.phraseSteps < 0) return null;
        for (const node of nodes) {
          const child = node.next.get(key);
          if (child?.isEnd) return { start, end: tokens[at]!.end };
          if (child) next.push(child);
        }
      }
      nodes = next;
    }
  }
  return null;
}

/** The token as written and, where it mixes alphabets or has digits, in its other readings. */
function wordsOf({ codes }: FoldedText, { start, end, letters }: Token): string[] {
  const isMixed = (letters.cyrillic > 0 && letters.latin > 0) || letters.digits > 0;
  const all = [plainReading, ...(isMixed && end - start <= longestPhraseWord ? readingsOf(letters) : [])];
  return all.flatMap((reading) => read(codes, start, end, reading) ?? []);
}

const longestPhraseWord = 40;

/** Where in the original text the span lies, in UTF-16 code units. */
export function rangeOf({ text }: PreparedText, original: string, { start, end }: Span): Span {
  const last = text.sources[end - 1]!;
  return { start: text.sources[start]!, end: last + (original.codePointAt(last)! > 0xffff ? 2 : 1) };
}
