import { isCyrillic, isDigit, isLatin, isSign, isWordCode, space, type FoldedText } from "./letters.ts";
import { plain, readings, type Reading } from "./readings.ts";

/** A run of letters and digits of a folded text, or of such and signs. */
export interface Token {
  readonly start: number;
  readonly end: number;
  readonly letters: Letters;
}

/** Which kinds of characters there are. */
export interface Letters {
  readonly cyrillic: number;
  readonly latin: number;
  readonly digits: number;
  readonly signs: number;
}

/** Runs of letters and digits, in order. */
export function tokensOf({ codes, length }: FoldedText): Token[] {
  const tokens: Token[] = [];
  for (let start = 0; start < length;) {
    let end = start;
    while (end < length && isWordCode(codes[end]!)) end += 1;
    if (end > start) tokens.push({ start, end, letters: lettersIn(codes, start, end) });
    start = end + 1;
  }
  return tokens;
}

/** Most signs in a row that are read as letters. */
const signsInARow = 2;

/** Runs with signs in or before them that may be letters: `c@sino`, `$pam`. None without such a sign. */
export function tokensWithSigns({ codes, length }: FoldedText, tokens: readonly Token[]): Token[] {
  const found: Token[] = [];
  let next = 0;
  for (const [index, token] of tokens.entries()) {
    if (index < next) continue;
    let last = index;
    while (last + 1 < tokens.length && areSigns(codes, tokens[last]!.end, tokens[last + 1]!.start)) last += 1;
    let { start } = token;
    if (start > 0 && isSign(codes[start - 1]!) && !(start > 1 && isWordCode(codes[start - 2]!))) start -= 1;
    let { end } = tokens[last]!;
    while (end < length && isSignAtEnd(codes[end]!)) end += 1;
    if (start < token.start || last > index || end > tokens[last]!.end) {
      found.push({ start, end, letters: lettersIn(codes, start, end) });
    }
    next = last + 1;
  }
  return found;
}

/** `$` and `@`: others end sentences. */
const isSignAtEnd = (code: number) => code === 0x24 || code === 0x40;

function areSigns(codes: Uint16Array, from: number, to: number): boolean {
  if (to - from > signsInARow) return false;
  for (let at = from; at < to; at += 1) if (!isSign(codes[at]!)) return false;
  return true;
}

function lettersIn(codes: Uint16Array, start: number, end: number): Letters {
  let cyrillic = 0;
  let latin = 0;
  let digits = 0;
  for (let at = start; at < end; at += 1) {
    if (isCyrillic(codes[at]!)) cyrillic += 1;
    else if (isLatin(codes[at]!)) latin += 1;
    else if (isDigit(codes[at]!)) digits += 1;
  }
  return { cyrillic, latin, digits, signs: end - start - cyrillic - latin - digits };
}

/** Words of Latin letters that look like a Russian word, and the other way round, are read so from this length on. */
const twinLetters = 4;
/** Longer ones than this are addresses, hashes or noise. */
const twinLettersAtMost = 40;

/** The ways to read a token besides `plain`: none for most. */
export function readingsOf({ cyrillic, latin, digits, signs }: Letters): readonly Reading[] {
  const letters = cyrillic + latin;
  const others = digits + signs;
  // Numbers, and hashes that hold few letters, are no words.
  if (letters === 0 || (letters < 2 && digits > letters)) return none;
  if (letters + others > longestWord) return noWord;
  if (cyrillic > 0 && latin > 0) return others > 0 ? mixedWithDigits : mixedLetters;
  const isWord = letters >= twinLetters && letters + others <= twinLettersAtMost;
  if (cyrillic > 0) return others > 0 ? russianWithDigits : isWord ? latinTwins : none;
  return others > 0 ? latinWithDigits : isWord ? russianTwins : none;
}

/** A longer run of letters and signs is no word, but may hold parts of words. */
const longestWord = 100;

const none: readonly Reading[] = [];
const noWord = [readings.russian[0]!, readings.russianLeet[0]!, readings.latin[0]!];
const mixedLetters = [...readings.russian, ...readings.latin];
const mixedWithDigits = [...mixedLetters, ...readings.russianLeet, ...readings.latinLeet];
const latinTwins = [readings.latinTwins];
const russianTwins = [readings.russianTwins, readings.transliterated];
const russianWithDigits = [readings.russian[0]!, readings.russianLeet[0]!, readings.latinTwins];
const latinWithDigits = [
  readings.latin[0]!,
  readings.latinLeet[0]!,
  readings.russianTwins,
  readings.transliterated,
  readings.russian[2]!,
];

export const plainReading = plain;

/** Tokens that may be the pieces of one word: `с п а м`, `с.п.а.м`, `каз-ино`. */
export interface PieceRun {
  /** Indices of the first token and of the one after the last. */
  readonly from: number;
  readonly to: number;
  readonly letters: Letters;
}

/** Most characters between two pieces. */
const gapAtMost = 4;
/** Pieces with a space between them have at most so many letters. */
const shortPiece = 2;

export function pieceRunsOf(text: FoldedText, tokens: readonly Token[]): PieceRun[] {
  const runs: PieceRun[] = [];
  for (let from = 0; from < tokens.length;) {
    let to = from + 1;
    let letters = tokens[from]!.letters;
    while (to < tokens.length && areNeighbours(text, tokens[to - 1]!, tokens[to]!)) {
      const more = tokens[to]!.letters;
      letters = {
        cyrillic: letters.cyrillic + more.cyrillic,
        latin: letters.latin + more.latin,
        digits: letters.digits + more.digits,
        signs: letters.signs + more.signs,
      };
      to += 1;
    }
    if (to > from + 1) runs.push({ from, to, letters });
    from = to;
  }
  return runs;
}

function areNeighbours(text: FoldedText, before: Token, after: Token): boolean {
  if (after.start - before.end > gapAtMost) return false;
  if (!hasSpace(text, before.end, after.start)) return true;
  return before.end - before.start <= shortPiece && after.end - after.start <= shortPiece;
}

export function hasSpace({ codes }: FoldedText, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (codes[at] === space) return true;
  return false;
}
