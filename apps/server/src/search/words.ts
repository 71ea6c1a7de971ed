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
/** Of all words of a text together, for the same reason. A page of program code has as many. */
const partsPerText = 300;
/** Where a capital follows a small letter, as in a nickname: DarkKnight. */
const inner = /(?<=\p{Ll})(?=\p{Lu})/gu;

/** Runs that are as they are folded. */
const plain = /^[a-zа-я0-9]+$/;

/** The words of a text in their order. */
export function wordsOf(text: string): Word[] {
  let end = 0;
  // No character between two runs could begin one, so a run's first place after the one before is its own.
  return (text.match(runs) ?? []).map((run) => {
    const start = text.indexOf(run, end);
    end = start + run.length;
    return { text: foldedRun(run), start, end };
  });
}

function foldedRun(run: string): string {
  if (plain.test(run)) return run;
  return isKept(run) ? keptFold(run) : fold(run);
}

/** `wordsOf`, and after each word its parts that start with a capital, those of the first words if they are very many. */
export function wordsAndParts(text: string): Word[] {
  let left = partsPerText;
  return wordsOf(text).flatMap((word) => {
    const parts = left > 0 ? partsOf(text, word).slice(0, left) : [];
    left -= parts.length;
    return [word, ...parts];
  });
}

function partsOf(text: string, { text: folded, start, end }: Word): Word[] {
  if (end - start > longestNickname) return [];
  const run = text.slice(start, end);
  if (run === folded) return [];
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

const keptFold = memo(fold);

/** Characters of which `simplyFolded` knows that no other than Latin and Russian letters and digits make words. */
const simple = /^[\p{ASCII}а-яА-ЯёЁ«»\u2010-\u2027]*$/u;

/** A text as its words are folded, with what is between them; null when it has characters of other kinds. */
export function simplyFolded(text: string): string | null {
  return simple.test(text) ? text.toLowerCase().replaceAll("ё", "е") : null;
}

/** Finds the words one after the other in a `simplyFolded` text, and also where they are parts of longer ones. */
export function wordsInOrder(words: readonly string[]): RegExp | null {
  return words.every((word) => plain.test(word)) ? new RegExp(words.join("[^a-zа-я0-9]*")) : null;
}

/** Whether what is worked out for a run is kept: numbers hardly repeat, and long runs would fill the memory. */
function isKept(run: string): boolean {
  return run.length <= longestNickname && !(run[0]! >= "0" && run[0]! <= "9");
}

/** The stems of `wordsAndParts`, each once. */
export function stemsOf(text: string): Set<string> {
  const stems = new Set<string>();
  let left = partsPerText;
  for (const run of text.match(runs) ?? []) {
    if (left <= 0) {
      stems.add(stem(foldedRun(run)));
      continue;
    }
    const ofRun = isKept(run) ? keptStemsOfRun(run) : stemsOfRun(run);
    // The first is that of the whole word.
    for (const stemmed of ofRun.slice(0, 1 + left)) stems.add(stemmed);
    left -= ofRun.length - 1;
  }
  return stems;
}

function stemsOfRun(run: string): readonly string[] {
  if (/^[0-9]+$/.test(run)) return [stem(run)];
  return wordsAndParts(run).map((word) => stem(word.text));
}

const keptStemsOfRun = memo(stemsOfRun);
