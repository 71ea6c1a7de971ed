import { normalized } from "@miscord/text";
import { memo } from "./memo.ts";
import { stem } from "./stems.ts";

export interface Word {
  /** Folded. */
  readonly text: string;
  /** UTF-16 range in the original text. */
  readonly start: number;
  readonly end: number;
}

/**
 * Runs of one script, of digits, and single characters of scripts that are written without spaces. "VPNом" is two words,
 * and so is "dark_knight".
 */
const runs =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|\p{Script=Cyrillic}[\p{Script=Cyrillic}\p{M}]*|\p{Script=Latin}[\p{Script=Latin}\p{M}]*|\p{N}+|\p{L}[\p{L}\p{M}]*/gu;
/** Each part of a longer word would cost as much as the word. */
const longestNickname = 64;
/** Where a capital follows a small letter, as in a nickname: DarkKnight. */
const inner = /(?<=\p{Ll})(?=\p{Lu})/gu;

/** The words of a text in their order. */
export function wordsOf(text: string): Word[] {
  return Array.from(text.matchAll(runs), ({ 0: run, index }) => ({
    text: fold(run),
    start: index,
    end: index + run.length,
  }));
}

/** `wordsOf`, and after each word its parts that start with a capital. */
export function wordsAndParts(text: string): Word[] {
  return wordsOf(text).flatMap((word) => [word, ...partsOf(text, word)]);
}

function partsOf(text: string, { start, end }: Word): Word[] {
  if (end - start > longestNickname) return [];
  const run = text.slice(start, end);
  return Array.from(run.matchAll(inner), ({ index }) => ({
    text: fold(run.slice(index)),
    start: start + index,
    end,
  }));
}

/** Small letters, ё as е, without accents and stress marks. */
function fold(text: string): string {
  return (
    normalized(text, "NFKD")
      .replace(/[\u0300\u0301\u0308]/g, "")
      .normalize("NFC")
      .toLowerCase()
      // A letter such as İ becomes two.
      .replace(/[\u0307]/g, "")
  );
}

/** The stems of a text, each once. */
export function stemsOf(text: string): Set<string> {
  const stems = new Set<string>();
  for (const run of text.match(runs) ?? []) {
    // Numbers hardly repeat, and long runs would fill the memory.
    const isKept = run.length <= longestNickname && !(run[0]! >= "0" && run[0]! <= "9");
    for (const stemmed of isKept ? keptStemsOfRun(run) : stemsOfRun(run)) stems.add(stemmed);
  }
  return stems;
}

function stemsOfRun(run: string): readonly string[] {
  if (/^[0-9]+$/.test(run)) return [stem(run)];
  return wordsAndParts(run).map((word) => stem(word.text));
}

const keptStemsOfRun = memo(stemsOfRun);
