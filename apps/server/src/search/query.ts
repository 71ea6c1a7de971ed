import { shorterStems, shortestPrefix, stem } from "./stems.ts";
import { simplyFolded, wordsAndParts, wordsInOrder, wordsOf, type Word } from "./words.ts";

/** One of these terms must be in the index; `isPrefix`: a term that begins so. */
export type Clause = readonly { readonly term: string; readonly isPrefix: boolean }[];

interface Sought {
  /** Folded. */
  readonly text: string;
  readonly stem: string;
  readonly shorter: readonly string[];
}

interface Phrase {
  /** Folded. */
  readonly words: readonly string[];
  /** Of which texts it may be a part; null when that is not known. */
  readonly pattern: RegExp | null;
}

export interface TextQuery {
  readonly words: readonly Sought[];
  /** Exact phrases. */
  readonly phrases: readonly Phrase[];
}

/** UTF-16 range in a text. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** Further words narrow the result only when it is read: each costs a look into the index. */
const wordsLookedUp = 8;

/** Reads what a user typed: words, and exact phrases in quotes. */
export function parseQuery(typed: string): TextQuery {
  const phrases: Phrase[] = [];
  const rest = typed.replace(/["“„«]([^"”“»]*)["”“»]/g, (_, phrase: string) => {
    const words = wordsOf(phrase).map((word) => word.text);
    if (words.length > 0) phrases.push({ words, pattern: wordsInOrder(words) });
    return " ";
  });
  const words = [...new Set(wordsOf(rest).map((word) => word.text))].map((text) => {
    const stemmed = stem(text);
    return { text, stem: stemmed, shorter: shorterStems(stemmed) };
  });
  return { words, phrases };
}

export function isEmpty({ words, phrases }: TextQuery): boolean {
  return words.length === 0 && phrases.length === 0;
}

/** What the index must have for a text to match. A text that it names may still not match. */
export function clausesOf({ words, phrases }: TextQuery): Clause[] {
  const exact = [...new Set(phrases.flatMap(({ words: ofPhrase }) => ofPhrase.map((word) => stem(word))))];
  const clauses: Clause[] = [
    ...exact.map((term) => [{ term, isPrefix: false }]),
    ...words.map((word) => [
      { term: word.stem, isPrefix: word.stem.length >= shortestPrefix },
      ...word.shorter.map((term) => ({ term, isPrefix: false })),
    ]),
  ];
  // The longest are the rarest.
  return clauses.toSorted((a, b) => (b[0]?.term.length ?? 0) - (a[0]?.term.length ?? 0)).slice(0, wordsLookedUp);
}

export interface Match {
  /** Of each text, in order, not overlapping. */
  readonly ranges: readonly (readonly Range[])[];
  /** Greater is better. */
  readonly score: number;
}

/** Compares the texts of a message with the query; null when something of the query is in none of them. */
export function matchText(query: TextQuery, texts: readonly string[]): Match | null {
  // Each text is read once, however many words and phrases are looked for in it.
  const words = query.words.length === 0 ? [] : texts.map(readWords);
  const phrased = query.phrases.length === 0 ? [] : texts.map((text) => new PhrasedText(text));
  const ranges = texts.map((): Range[] => []);
  let score = 0;
  for (const sought of query.words) {
    const rank = Math.max(...words.map((ofText, index) => noteMatches(sought, ofText, ranges[index]!)));
    if (rank === 0) return null;
    score += rank;
  }
  for (const phrase of query.phrases) {
    const found = phrased.map((text) => text.places(phrase));
    if (found.every((places) => places.length === 0)) return null;
    score += exactRank * phrase.words.length;
    for (const [index, places] of found.entries()) ranges[index]!.push(...places);
  }
  const near = Math.max(...ranges.map((ofText) => nearness(ofText, query.words.length)));
  return { ranges: ranges.map(merged), score: score + near };
}

interface ReadWord extends Word {
  /** Once it has been asked for. */
  stem?: string;
}

function readWords(text: string): ReadWord[] {
  return wordsAndParts(text);
}

const exactRank = 4;

/** How well a word of a text matches: 4 the same word, 3 the same stem, 1 a beginning, 0 not at all. */
function rankOf(sought: Sought, word: ReadWord): number {
  if (word.text === sought.text) return exactRank;
  // Stems begin as their words do. Working out a stem takes much longer.
  if (word.text[0] !== sought.text[0]) return 0;
  const stemmed = (word.stem ??= stem(word.text));
  if (stemmed === sought.stem) return 3;
  if (sought.stem.length >= shortestPrefix && stemmed.startsWith(sought.stem)) return 1;
  return sought.shorter.includes(stemmed) ? 2 : 0;
}

/** Adds the places of matching words; returns the rank of the best, or 0. */
function noteMatches(sought: Sought, words: readonly ReadWord[], ranges: Range[]): number {
  let best = 0;
  for (const word of words) {
    const rank = rankOf(sought, word);
    if (rank > 0) ranges.push(word);
    best = Math.max(best, rank);
  }
  return best;
}

/** A text in which phrases are looked for. */
class PhrasedText {
  readonly #text: string;
  readonly #folded: string | null;
  #words: readonly Word[] | undefined;

  constructor(text: string) {
    this.#text = text;
    this.#folded = simplyFolded(text);
  }

  places(phrase: Phrase): Range[] {
    return this.#mayHave(phrase) ? occurrences(phrase.words, (this.#words ??= wordsOf(this.#text))) : [];
  }

  /** False when the phrase is surely not there: most candidates have its words in other places. */
  #mayHave({ pattern }: Phrase): boolean {
    return this.#folded === null || pattern === null || pattern.test(this.#folded);
  }
}

function occurrences(phrase: readonly string[], words: readonly Word[]): Range[] {
  const found: Range[] = [];
  for (let index = 0; index + phrase.length <= words.length; index += 1) {
    const last = words[index + phrase.length - 1];
    const first = words[index];
    if (first && last && phrase.every((word, offset) => words[index + offset]?.text === word))
      found.push({ start: first.start, end: last.end });
  }
  return found;
}

/** Words that stand close together score more: 2 when side by side, nothing when far apart. */
function nearness(ranges: readonly Range[], count: number): number {
  if (count < 2 || ranges.length < count) return 0;
  const sorted = ranges.toSorted((a, b) => a.start - b.start);
  let shortest = Number.POSITIVE_INFINITY;
  for (let index = count - 1; index < sorted.length; index += 1) {
    shortest = Math.min(shortest, (sorted[index]?.end ?? 0) - (sorted[index - count + 1]?.start ?? 0));
  }
  return 2 / (1 + shortest / (20 * count));
}

function merged(ranges: readonly Range[]): Range[] {
  const result: { start: number; end: number }[] = [];
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}
