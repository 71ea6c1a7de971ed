import { charAt, charBefore, endsPhrase, isSpace, isSymbol, isWord, opensPhrase } from "./characters.ts";
import { runLength } from "./backticks.ts";
import { textToken, type Token } from "./tokens.ts";

const cluster = /[*_~]+/y;

/**
 * The adjoining runs of `*`, `_` and `~` that begin at a position. CommonMark's rule of flanking needs spaces around
 * punctuation, which Chinese, Japanese and text in guillemets do not have. Here a run opens unless a space follows it
 * and closes unless a space precedes it; what single marks need beyond that keeps emoticons, footnotes and
 * snake_case as typed.
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
    canOpen &&= !isInEmoticon && !(isWord(before) && endsPhrase(after));
    canClose &&= !isInEmoticon && !(isWord(after) && opensPhrase(before));
  }
  return { kind: "run", char, length, canOpen, canClose };
}
