import { charAt, charBefore, endsPhrase, isSpace, isSymbol, isWord, opensPhrase } from "./characters.ts";
import { runLength } from "./backticks.ts";
import { textToken, type Token } from "./tokens.ts";

/** Scripts whose words stand without spaces or take endings without them. */
const withoutSpaces =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]/u;
const cluster = /[*_~]+/y;

/**
 * The adjoining runs of `*`, `_` and `~` that begin at a position. CommonMark's rule of flanking needs spaces around
 * punctuation, which Chinese, Japanese and text in guillemets do not have. Here a run opens unless a space follows it
 * and closes unless a space precedes it; what is needed beyond that keeps emoticons, footnotes, snake_case, products,
 * powers and words with a starred letter (`sh*t`) as typed.
 */
export function delimiterRuns(text: string, start: number): { tokens: Token[]; end: number } {
  cluster.lastIndex = start;
  const end = start + cluster.exec(text)![0].length;
  const outside = { before: charBefore(text, start), after: charAt(text, end) };
  const tokens: Token[] = [];
  for (let position = start; position < end;) {
    const length = runLength(text, position);
    tokens.push(runAt(text, position, length, outside));
    position += length;
  }
  return { tokens, end };
}

interface Outside {
  readonly before: string;
  readonly after: string;
}

function runAt(text: string, start: number, length: number, { before, after }: Outside): Token {
  const char = text.charAt(start);
  // GFM also strikes between single tildes, which people write for "about": ~5 or ~6.
  if (char === "~" && length !== 2) return textToken("~".repeat(length));
  let canOpen = !isSpace(after);
  let canClose = !isSpace(before);
  if (char === "_") {
    canOpen &&= !isWord(charBefore(text, start));
    canClose &&= !isWord(charAt(text, start + length));
  }
  if (length === 1) {
    const isInEmoticon = isSymbol(before) && isSymbol(after);
    canOpen &&= !isInEmoticon && !(isWord(before) && endsPhrase(after)) && !isInsideWord(before, after);
    canClose &&= !isInEmoticon && !(isWord(after) && opensPhrase(before));
  }
  if (char === "*" && length === 2) canOpen &&= !(/[\w)\]]/.test(before) && /\d/.test(after));
  return { kind: "run", char, length, canOpen, canClose };
}

function isInsideWord(before: string, after: string): boolean {
  return isWord(before) && isWord(after) && !withoutSpaces.test(before) && !withoutSpaces.test(after);
}
